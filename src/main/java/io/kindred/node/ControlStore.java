package io.kindred.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Where Pekko Persistence keeps the control state: makes its tables in the node's own H2 file where
 * they are missing. To be called before the first persistent actor starts, best before the actor
 * system does.
 *
 * <p>A shared database (PostgreSQL) is left alone: its tables are the operator's to make, since
 * several nodes would race for it and the account should not be allowed to.
 *
 * <p>Learnt of the parts (pekko-persistence-jdbc 1.1.1, Slick 3.5.1, H2 2.5.252): the plugin's H2
 * script cannot be run twice; its SchemaUtils needs a running actor system and drops what it finds
 * first. The state store asks for the sequence {@code global_offset_seq} by that very name. Names
 * are quoted, in lower case, in the script and in Slick's queries, but not in the state store's own
 * INSERT, hence {@code DATABASE_TO_UPPER=FALSE} in the url: without it journal and snapshots work
 * and every store of a state fails. H2 locks the file: a second process gets "Database may be
 * already in use".
 */
public final class ControlStore {

  private static final String DB = "pekko-persistence-jdbc.shared-databases.slick.db";
  private static final String FILE = "jdbc:h2:file:";

  private ControlStore() {}

  /**
   * Makes what is missing.
   *
   * @return the configuration to start the actor system with: H2 refuses a relative path, so it has
   *     become an absolute one
   * @throws SQLException where the file cannot be opened or is not a database of ours
   * @throws IOException where this program's own script cannot be read
   */
  public static Config prepare(Config config) throws SQLException, IOException {
    String url = config.getString(DB + ".url");
    if (!url.startsWith(FILE)) {
      return config;
    }
    String absolute = FILE + Path.of(url.substring(FILE.length())).toAbsolutePath();
    try (Connection connection =
            DriverManager.getConnection(
                absolute, config.getString(DB + ".user"), config.getString(DB + ".password"));
        Statement statement = connection.createStatement()) {
      statement.execute(script());
    }
    return config.withValue(DB + ".url", ConfigValueFactory.fromAnyRef(absolute));
  }

  private static String script() throws IOException {
    try (InputStream in = ControlStore.class.getResourceAsStream("/persistence/h2.sql")) {
      if (in == null) {
        throw new IOException("persistence/h2.sql is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
