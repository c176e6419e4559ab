import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.elasticsearch.common.Strings;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.xcontent.ToXContent.MapParams;
import org.elasticsearch.common.xcontent.XContentBuilder;
import org.elasticsearch.common.xcontent.json.JsonXContent;
import org.elasticsearch.node.InternalSettingsPreparer;

/**
 * Says what Elasticsearch makes of an {@code elasticsearch.yml}: it gives each line of standard input,
 * a file in Base64, to Elasticsearch's own classes as a start of the node does, and answers with one
 * line of JSON: {@code {"paths": […], "settings": {…}}} or {@code {"refuses": "message"}}.
 */
final class Oracle {
  /** A path that no file of the tests names; the default data path is below it. */
  private static final String HOME = "/oracle";
  private static final MapParams FLAT = new MapParams(Map.of("flat_settings", "true"));

  public static void main(String[] arguments) throws IOException {
    Path configuration = Files.createTempDirectory("oracle");
    Path file = configuration.resolve("elasticsearch.yml");
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try {
      for (String line; (line = lines.readLine()) != null; ) {
        Files.write(file, Base64.getDecoder().decode(line));
        out.println(Strings.toString(answer(configuration)));
      }
    } finally {
      out.flush();
      Files.deleteIfExists(file);
      Files.delete(configuration);
    }
  }

  private static XContentBuilder answer(Path configuration) throws IOException {
    var answer = JsonXContent.contentBuilder().startObject();
    try {
      var environment =
          InternalSettingsPreparer.prepareEnvironment(
              Settings.EMPTY, Map.of("path.home", HOME), configuration, () -> "node");
      String[] paths = Arrays.stream(environment.dataFiles()).map(Path::toString).toArray(String[]::new);
      answer.array("paths", paths);
      // Its flat form: the one that tells a list from a text.
      answer.startObject("settings");
      environment.settings().toXContent(answer, FLAT);
      answer.endObject();
    } catch (RuntimeException | IOException | StackOverflowError refusal) {
      answer.field("refuses", message(refusal));
    }
    return answer.endObject();
  }

  private static String message(Throwable refusal) {
    var innermost = refusal;
    while (innermost.getCause() != null) innermost = innermost.getCause();
    return innermost == refusal ? refusal.getMessage() : refusal.getMessage() + ": " + innermost.getMessage();
  }
}
