package lab;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.logging.log4j.LogManager;
import org.elasticsearch.Build;
import org.elasticsearch.Version;
import org.elasticsearch.common.PidFile;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;

/**
 * Starts an Elasticsearch node and keeps it until the process is told to end.
 *
 * <p>It stands where Elastic's {@code Bootstrap} stands, without its checks, its security manager
 * and its native calls. The home and the configuration directory come from the system properties
 * {@code es.path.home} and {@code es.path.conf}, as with Elastic's launcher.
 */
public final class Node extends org.elasticsearch.node.Node {
  private Node(Environment environment) {
    super(environment, List.of(Network.class), false);
  }

  public static void main(String[] arguments) {
    try {
      var line = new CommandLine(arguments);
      if (line.version) {
        System.out.println("Version: " + Version.CURRENT + ", Build: " + Build.CURRENT.shortHash()
            + ", JVM: " + System.getProperty("java.version"));
        return;
      }
      run(line);
    } catch (Throwable failure) {
      System.err.println("elasticsearch: could not start: " + cause(failure));
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(CommandLine line) throws Exception {
    haltOnErrors();
    var environment = environment(line.settings);
    for (var data : environment.dataFiles()) requireWritable("path.data", data);
    requireWritable("path.logs", environment.logsFile());
    LogConfigurator.setNodeName(NODE_NAME_SETTING.get(environment.settings()));
    LogConfigurator.configure(environment);
    if (line.pidFile != null) PidFile.create(line.pidFile, true);
    var node = new Node(environment);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "shutdown"));
    node.start();
    new CountDownLatch(1).await();
  }

  private static Environment environment(Map<String, String> settings) {
    // The laboratory's network layer, whatever elasticsearch.yml says.
    settings.put("transport.type", Network.NAME);
    settings.put("http.type", Network.NAME);
    settings.put("discovery.type", "single-node");
    settings.put("path.home", System.getProperty("es.path.home"));
    return InternalSettingsPreparer.prepareEnvironment(Settings.EMPTY, settings,
        Path.of(System.getProperty("es.path.conf")), () -> System.getenv("HOSTNAME"));
  }

  /** Elasticsearch says it in forty lines; an operator wants one. */
  private static void requireWritable(String setting, Path folder) throws IOException {
    var message = setting + " '" + folder + "' is not writable";
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new IOException(message, failure);
    }
    if (!Files.isWritable(folder)) throw new IOException(message);
  }

  /** An Error leaves the node in an unknown state. Nobody would hear of it in a thread of a pool. */
  private static void haltOnErrors() {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
      System.err.println("elasticsearch: uncaught in thread '" + thread.getName() + "': " + failure);
      if (!(failure instanceof Error)) return;
      Runtime.getRuntime().halt(failure instanceof OutOfMemoryError ? 127 : 1);
    });
  }

  private static void close(Closeable node) {
    try {
      node.close();
    } catch (IOException failure) {
      System.err.println("elasticsearch: could not close: " + failure);
    }
    LogManager.shutdown();
  }

  private static String cause(Throwable failure) {
    var text = new StringBuilder(failure.toString());
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) text.append(": ").append(cause);
    return text.toString().replaceAll("\\s*\\R\\s*", " ");
  }
}
