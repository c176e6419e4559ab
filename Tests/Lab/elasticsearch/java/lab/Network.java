package lab;

import java.util.Map;
import java.util.function.Supplier;
import org.elasticsearch.common.io.stream.NamedWriteableRegistry;
import org.elasticsearch.common.network.NetworkService;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.util.BigArrays;
import org.elasticsearch.common.util.PageCacheRecycler;
import org.elasticsearch.common.xcontent.NamedXContentRegistry;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.indices.breaker.CircuitBreakerService;
import org.elasticsearch.plugins.NetworkPlugin;
import org.elasticsearch.plugins.Plugin;
import org.elasticsearch.threadpool.ThreadPool;
import org.elasticsearch.transport.Transport;

/** The network layer of a node that is alone: REST on the loopback, and no other nodes. */
public final class Network extends Plugin implements NetworkPlugin {
  static final String NAME = "lab";

  @Override
  public Map<String, Supplier<Transport>> getTransports(Settings settings, ThreadPool threads,
      PageCacheRecycler pages, CircuitBreakerService breakers, NamedWriteableRegistry names,
      NetworkService network) {
    return Map.of(NAME, LonelyTransport::new);
  }

  @Override
  public Map<String, Supplier<HttpServerTransport>> getHttpTransports(Settings settings,
      ThreadPool threads, BigArrays arrays, PageCacheRecycler pages, CircuitBreakerService breakers,
      NamedXContentRegistry contents, NetworkService network,
      HttpServerTransport.Dispatcher dispatcher) {
    return Map.of(NAME, () -> new LoopbackHTTP(settings, threads, contents, dispatcher));
  }
}
