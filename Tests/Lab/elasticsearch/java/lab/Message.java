package lab;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.http.HttpChannel;
import org.elasticsearch.http.HttpRequest;
import org.elasticsearch.http.HttpResponse;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestStatus;

/** One HTTP request, and the connection that it came on, as Elasticsearch wants to see them. */
final class Message implements HttpRequest, HttpChannel {
  private final HttpExchange exchange;
  private final BytesReference content;
  private Map<String, List<String>> headers;

  Message(HttpExchange exchange) throws IOException {
    this.exchange = exchange;
    content = new BytesArray(exchange.getRequestBody().readAllBytes());
    headers = exchange.getRequestHeaders();
  }

  /** A request is built without its headers when they were what could not be understood. */
  void forgetHeaders() {
    headers = Map.of();
  }

  @Override
  public RestRequest.Method method() {
    return RestRequest.Method.valueOf(exchange.getRequestMethod());
  }

  @Override
  public String uri() {
    return exchange.getRequestURI().toString();
  }

  @Override
  public BytesReference content() {
    return content;
  }

  @Override
  public Map<String, List<String>> getHeaders() {
    return headers;
  }

  @Override
  public List<String> strictCookies() {
    return List.of();
  }

  @Override
  public HttpVersion protocolVersion() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public InetSocketAddress getLocalAddress() {
    return exchange.getLocalAddress();
  }

  @Override
  public InetSocketAddress getRemoteAddress() {
    return exchange.getRemoteAddress();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    exchange.close();
  }

  @Override
  public void addCloseListener(ActionListener<Void> listener) {}

  // Only Elastic's own HTTP servers call these; here Answer writes what is to be answered.

  @Override
  public HttpRequest removeHeader(String header) {
    throw new UnsupportedOperationException();
  }

  @Override
  public HttpResponse createResponse(RestStatus status, BytesReference content) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void sendResponse(HttpResponse response, ActionListener<Void> listener) {
    throw new UnsupportedOperationException();
  }
}
