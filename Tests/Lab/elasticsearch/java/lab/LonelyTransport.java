package lab;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.elasticsearch.action.ActionListener;
import org.elasticsearch.cluster.node.DiscoveryNode;
import org.elasticsearch.common.component.AbstractLifecycleComponent;
import org.elasticsearch.common.lease.Releasable;
import org.elasticsearch.common.transport.BoundTransportAddress;
import org.elasticsearch.common.transport.TransportAddress;
import org.elasticsearch.transport.ConnectTransportException;
import org.elasticsearch.transport.ConnectionProfile;
import org.elasticsearch.transport.RequestHandlerRegistry;
import org.elasticsearch.transport.Transport;
import org.elasticsearch.transport.TransportMessageListener;
import org.elasticsearch.transport.TransportRequest;
import org.elasticsearch.transport.TransportStats;

/**
 * A transport without a socket: it has an address because a node needs one, and reaches nobody.
 *
 * <p>Elasticsearch delivers what a node sends to itself without any transport.
 */
final class LonelyTransport extends AbstractLifecycleComponent implements Transport {
  private static final TransportAddress ADDRESS =
      new TransportAddress(InetAddress.getLoopbackAddress(), 9300);

  private final Map<String, RequestHandlerRegistry<?>> handlers = new ConcurrentHashMap<>();
  private final ResponseHandlers responses = new ResponseHandlers();

  @Override
  public <Request extends TransportRequest> void registerRequestHandler(
      RequestHandlerRegistry<Request> handler) {
    handlers.put(handler.getAction(), handler);
  }

  @Override
  @SuppressWarnings("unchecked")
  public RequestHandlerRegistry<? extends TransportRequest> getRequestHandler(String action) {
    return (RequestHandlerRegistry<? extends TransportRequest>) handlers.get(action);
  }

  @Override
  public Releasable openConnection(
      DiscoveryNode node, ConnectionProfile profile, ActionListener<Connection> listener) {
    listener.onFailure(new ConnectTransportException(node, "this node has no transport"));
    return () -> {};
  }

  @Override
  public BoundTransportAddress boundAddress() {
    return new BoundTransportAddress(new TransportAddress[] {ADDRESS}, ADDRESS);
  }

  @Override
  public Map<String, BoundTransportAddress> profileBoundAddresses() {
    return Map.of();
  }

  @Override
  public TransportAddress[] addressesFromString(String address, int perAddress) {
    return new TransportAddress[0];
  }

  @Override
  public List<String> getLocalAddresses() {
    return List.of();
  }

  @Override
  public ResponseHandlers getResponseHandlers() {
    return responses;
  }

  @Override
  public TransportStats getStats() {
    return new TransportStats(0, 0, 0, 0, 0);
  }

  @Override
  public void addMessageListener(TransportMessageListener listener) {}

  @Override
  public boolean removeMessageListener(TransportMessageListener listener) {
    return false;
  }

  @Override
  protected void doStart() {}

  @Override
  protected void doStop() {}

  @Override
  protected void doClose() {}
}
