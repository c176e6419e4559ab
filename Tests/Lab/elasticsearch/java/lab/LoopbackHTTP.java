package lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.elasticsearch.common.component.AbstractLifecycleComponent;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.transport.BoundTransportAddress;
import org.elasticsearch.common.transport.TransportAddress;
import org.elasticsearch.common.xcontent.NamedXContentRegistry;
import org.elasticsearch.http.BindHttpException;
import org.elasticsearch.http.HttpInfo;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.http.HttpStats;
import org.elasticsearch.http.HttpTransportSettings;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.threadpool.ThreadPool;

/**
 * Hands every HTTP request that arrives on the loopback to Elasticsearch's own REST dispatcher.
 *
 * <p>The port is the first free one of {@code http.port}, 9200 to 9300 unless set.
 */
final class LoopbackHTTP extends AbstractLifecycleComponent implements HttpServerTransport {
  private final Settings settings;
  private final ThreadPool threads;
  private final NamedXContentRegistry contents;
  private final Dispatcher dispatcher;
  private final AtomicLong requests = new AtomicLong();
  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private HttpServer server;

  LoopbackHTTP(
      Settings settings, ThreadPool threads, NamedXContentRegistry contents, Dispatcher dispatcher) {
    this.settings = settings;
    this.threads = threads;
    this.contents = contents;
    this.dispatcher = dispatcher;
  }

  @Override
  protected void doStart() {
    var range = HttpTransportSettings.SETTING_HTTP_PORT.get(settings);
    if (!range.iterate(this::bind)) {
      throw new BindHttpException("could not bind 127.0.0.1 to port '" + range + "'");
    }
    server.setExecutor(executor);
    server.createContext("/", this::serve);
    server.start();
  }

  private boolean bind(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  @SuppressWarnings("try") // the context only has to be put back
  private void serve(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    var context = threads.getThreadContext();
    var message = new Message(exchange);
    try (var ignored = context.stashContext()) {
      RestRequest request;
      try {
        request = RestRequest.request(contents, message, message);
      } catch (RuntimeException unreadable) { // bad parameters, or a media type that is none
        message.forgetHeaders();
        request = RestRequest.requestWithoutParameters(contents, message, message);
        var answer = new Answer(request, exchange, context);
        dispatcher.dispatchBadRequest(request, answer, context, unreadable);
        return;
      }
      dispatcher.dispatchRequest(request, new Answer(request, exchange, context), context);
    }
  }

  @Override
  public BoundTransportAddress boundAddress() {
    var address = new TransportAddress(server.getAddress());
    return new BoundTransportAddress(new TransportAddress[] {address}, address);
  }

  @Override
  public HttpInfo info() {
    var longest = HttpTransportSettings.SETTING_HTTP_MAX_CONTENT_LENGTH.get(settings);
    return new HttpInfo(boundAddress(), longest.getBytes());
  }

  @Override
  public HttpStats stats() {
    return new HttpStats(0, requests.get());
  }

  @Override
  protected void doStop() {
    if (server != null) server.stop(0);
    executor.shutdown();
  }

  @Override
  protected void doClose() {}
}
