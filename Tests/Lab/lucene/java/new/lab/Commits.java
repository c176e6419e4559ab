package lab;

import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Version;

/**
 * Writes indexes with the Lucene of the class path (8 or 9), and prints of each commit what that
 * Lucene reads in it.
 *
 * <p>Arguments: a folder for the indexes, and the user data of a node, name=value. The system
 * property {@code tests.seed}, a hexadecimal number, makes Lucene number its segments the same way
 * in each run.
 */
public final class Commits {
  private static final String SOFT_DELETES = "__soft_deletes";

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
    commits.write("no-segment", commits::commit);
    commits.write("one-segment", commits::oneSegment);
    commits.write("several-segments", commits::severalSegments);
    commits.write("high-generation", commits::highGeneration);
    commits.write("no-user-data", writer -> writer.addDocument(document(0)));
  }

  private interface Work {
    void on(IndexWriter writer) throws Exception;
  }

  /** As the node commits its state: what names the node goes with every commit. */
  private void commit(IndexWriter writer) throws Exception {
    writer.setLiveCommitData(userData.entrySet());
    writer.commit();
  }

  private void oneSegment(IndexWriter writer) throws Exception {
    for (var number = 0; number < 3; number++) {
      writer.addDocument(document(number));
    }
    commit(writer);
  }

  /** Each field that a commit has for a segment is used: deletions of both kinds, and updates. */
  private void severalSegments(IndexWriter writer) throws Exception {
    for (var number = 0; number < 12; number++) {
      writer.addDocument(document(number));
      if (number % 3 == 2) {
        writer.flush();
      }
    }
    commit(writer);
    writer.deleteDocuments(new Term("id", "1"));
    commit(writer);
    writer.updateNumericDocValue(new Term("id", "4"), "rank", 40);
    writer.updateNumericDocValue(new Term("id", "4"), "size", 41);
    commit(writer);
    writer.softUpdateDocument(
        new Term("id", "7"), document(70), new NumericDocValuesField(SOFT_DELETES, 1));
    writer.updateNumericDocValue(new Term("id", "8"), "rank", 80);
    commit(writer);
  }

  /** The generation is a number to base 36 in the name of the file. */
  private void highGeneration(IndexWriter writer) throws Exception {
    for (var number = 0; number < 40; number++) {
      writer.updateDocument(new Term("id", "0"), document(0));
      commit(writer);
    }
  }

  private static Document document(int number) {
    var document = new Document();
    document.add(new StringField("id", Integer.toString(number), Field.Store.YES));
    document.add(new NumericDocValuesField("rank", number));
    document.add(new NumericDocValuesField("size", number));
    return document;
  }

  private void write(String name, Work work) throws Exception {
    var config =
        new IndexWriterConfig()
            .setSoftDeletesField(SOFT_DELETES)
            .setMergeScheduler(new SerialMergeScheduler());
    if (name.equals("several-segments")) {
      config.setMergePolicy(NoMergePolicy.INSTANCE);
    }
    try (var directory = FSDirectory.open(folder.resolve(name))) {
      try (var writer = new IndexWriter(directory, config)) {
        work.on(writer);
        // Even for an empty index there is a commit.
        writer.commit();
      }
      print(name, SegmentInfos.readLatestCommit(directory));
    }
  }

  /** One line of the table `commits.tsv`. */
  private void print(String name, SegmentInfos infos) throws Exception {
    var file = name + "/" + infos.getSegmentsFileName();
    System.out.println(
        String.join(
            "\t",
            Version.LATEST + "/" + file,
            Version.LATEST.toString(),
            Integer.toString(format(folder.resolve(file))),
            Long.toString(infos.getGeneration()),
            Integer.toString(infos.size()),
            new TreeMap<>(infos.getUserData()).toString()));
  }

  /** The number behind the magic number and the name "segments", which Lucene keeps to itself. */
  private static int format(Path file) throws Exception {
    try (var input = new DataInputStream(Files.newInputStream(file))) {
      input.skipNBytes(4 + 1 + "segments".length());
      return input.readInt();
    }
  }
}
