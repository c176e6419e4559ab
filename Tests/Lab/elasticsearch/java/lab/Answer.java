package lab;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import org.apache.logging.log4j.LogManager;
import org.elasticsearch.common.bytes.BytesReference;
import org.elasticsearch.common.util.concurrent.ThreadContext;
import org.elasticsearch.rest.AbstractRestChannel;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.rest.RestResponse;

/** Where Elasticsearch puts the response to one request; it may come from any thread. */
final class Answer extends AbstractRestChannel {
  private final HttpExchange exchange;
  private final ThreadContext context;

  Answer(RestRequest request, HttpExchange exchange, ThreadContext context) {
    super(request, true);
    this.exchange = exchange;
    this.context = context;
  }

  @Override
  public void sendResponse(RestResponse response) {
    try (exchange) {
      var body = BytesReference.toBytes(response.content());
      var headers = exchange.getResponseHeaders();
      headers.putAll(context.getResponseHeaders());
      headers.putAll(response.getHeaders());
      headers.set("Content-Type", response.contentType());
      var isHead = exchange.getRequestMethod().equals("HEAD");
      if (isHead) headers.set("Content-Length", Integer.toString(body.length));
      // The JDK's server means "no body" by -1, and "of unknown length" by 0.
      var length = isHead || body.length == 0 ? -1 : body.length;
      exchange.sendResponseHeaders(response.status().getStatus(), length);
      if (!isHead) exchange.getResponseBody().write(body);
    } catch (IOException gone) {
      LogManager.getLogger(Answer.class).debug("the client went away", gone);
    }
  }
}
