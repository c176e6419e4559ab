package lab;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/** The same for Lucene 4.10, whose commits have an older format and whose interface differs. */
public final class Commits {
  /** `SegmentInfos.VERSION_49`, which is private. */
  private static final int FORMAT = 3;

  private final Path folder;
  private final Map<String, String> userData = new LinkedHashMap<>();

  private Commits(String[] arguments) {
    folder = Path.of(arguments[0]);
    for (var index = 1; index < arguments.length; index++) {
      var setting = arguments[index].split("=", 2);
      userData.put(setting[0], setting[1]);
    }
  }

  public static void main(String[] arguments) throws Exception {
    var commits = new Commits(arguments);
    commits.write("no-segment", 0);
    commits.write("one-segment", 3);
  }

  private void write(String name, int documents) throws Exception {
    // Nothing here is analysed.
    var config = new IndexWriterConfig(Version.LATEST, null);
    try (var directory = FSDirectory.open(folder.resolve(name).toFile())) {
      try (var writer = new IndexWriter(directory, config)) {
        for (var number = 0; number < documents; number++) {
          var document = new Document();
          document.add(new StringField("id", Integer.toString(number), Field.Store.YES));
          writer.addDocument(document);
        }
        writer.setCommitData(userData);
        writer.commit();
      }
      var infos = new SegmentInfos();
      infos.read(directory);
      System.out.println(
          String.join(
              "\t",
              Version.LATEST + "/" + name + "/" + infos.getSegmentsFileName(),
              Version.LATEST.toString(),
              Integer.toString(FORMAT),
              Long.toString(infos.getGeneration()),
              Integer.toString(infos.size()),
              new TreeMap<>(infos.getUserData()).toString()));
    }
  }
}
