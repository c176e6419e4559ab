package lab;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The part of Elasticsearch's command line that its systemd unit and a test use. */
final class CommandLine {
  final Map<String, String> settings = new HashMap<>();
  final Path pidFile;
  final boolean version;

  CommandLine(String[] arguments) {
    Path pidFile = null;
    var version = false;
    for (var index = 0; index < arguments.length; index++) {
      var argument = arguments[index];
      switch (argument) {
        case "-V", "--version" -> version = true;
        case "-p", "--pidfile" -> pidFile = Path.of(value(arguments, ++index, argument));
        case "-E" -> set(value(arguments, ++index, argument));
        case "-q", "--quiet" -> System.setProperty("lab.console", "off");
        default -> {
          if (!argument.startsWith("-E")) {
            throw new IllegalArgumentException("unknown option '" + argument + "'");
          }
          set(argument.substring(2));
        }
      }
    }
    this.pidFile = pidFile == null ? null : pidFile.toAbsolutePath();
    this.version = version;
  }

  private void set(String setting) {
    var equals = setting.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("'" + setting + "' is not a setting, name=value");
    }
    settings.put(setting.substring(0, equals), setting.substring(equals + 1));
  }

  private static String value(String[] arguments, int index, String option) {
    if (index == arguments.length) {
      throw new IllegalArgumentException("'" + option + "' needs a value");
    }
    return arguments[index];
  }
}
