package org.keyfleet.gcks.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keyfleet.protocol.octets.Bytes;

/** One connection to the file, with the settings that make a commit durable. */
final class SqliteSession implements AutoCloseable {
  /** Reads one row. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Path file;
  private final Connection connection;
  private final Runnable betweenStatements;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /**
   * @param betweenStatements runs before and after each statement; tests stop the server there
   */
  SqliteSession(Path file, Runnable betweenStatements) throws StoreException {
    this.file = file;
    this.betweenStatements = betweenStatements;
    try {
      this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    } catch (SQLException e) {
      throw new StoreException(
          "the store " + file + " cannot be opened: " + e.getMessage() + "; check the directory",
          e);
    }
    boolean done = false;
    try {
      // one server a store: a second one is refused instead of reusing Message IDs
      execute("PRAGMA locking_mode=EXCLUSIVE");
      execute("PRAGMA journal_mode=WAL");
      execute("PRAGMA synchronous=FULL");
      migrate();
      done = true;
    } finally {
      if (!done) {
        close();
      }
    }
  }

  void begin() throws StoreException {
    execute("BEGIN IMMEDIATE");
  }

  void commit() throws StoreException {
    execute("COMMIT");
  }

  /** Undoes the open transaction; without effect when there is none. */
  void rollback() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite has rolled back by itself, or the file is gone: the next statement tells
      System.getLogger(SqliteSession.class.getName())
          .log(System.Logger.Level.DEBUG, "rollback: {0}", e.getMessage());
    }
  }

  /** Values are Long, Integer, Boolean, String or Bytes. */
  int update(String sql, Object... values) throws StoreException {
    betweenStatements.run();
    try {
      int changed = bind(sql, values).executeUpdate();
      betweenStatements.run();
      return changed;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  <T> List<T> query(String sql, RowReader<T> reader, Object... values) throws StoreException {
    try (ResultSet rows = bind(sql, values).executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reader.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  static Bytes bytes(ResultSet row, String column) throws SQLException {
    return Bytes.copyOf(row.getBytes(column));
  }

  @Override
  public void close() {
    try {
      for (PreparedStatement statement : prepared.values()) {
        statement.close();
      }
      connection.close();
    } catch (SQLException e) {
      System.getLogger(SqliteSession.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "the store {0} does not close: {1}",
              file,
              e.getMessage());
    }
  }

  private void migrate() throws StoreException {
    int version = query("PRAGMA user_version", row -> row.getInt(1)).get(0);
    if (version > SqliteSchema.VERSIONS.size()) {
      throw new StoreException(
          "the store "
              + file
              + " has schema version "
              + version
              + ", this server knows "
              + SqliteSchema.VERSIONS.size()
              + "; use the newer server");
    }
    for (int next = version; next < SqliteSchema.VERSIONS.size(); next++) {
      begin();
      for (String sql : SqliteSchema.VERSIONS.get(next)) {
        execute(sql);
      }
      execute("PRAGMA user_version=" + (next + 1));
      commit();
    }
  }

  private void execute(String sql) throws StoreException {
    betweenStatements.run();
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failed(e);
    }
    betweenStatements.run();
  }

  @SuppressWarnings("MustBeClosedChecker")
  private PreparedStatement bind(String sql, Object... values) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof Bytes bytes) {
        statement.setBytes(i + 1, bytes.toArray());
      } else if (value instanceof Boolean flag) {
        statement.setInt(i + 1, flag ? 1 : 0);
      } else {
        statement.setObject(i + 1, value);
      }
    }
    return statement;
  }

  private StoreException failed(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("SQLITE_BUSY")) {
      return new StoreException(
          "the store " + file + " is in use by another server; stop it first", e);
    }
    return new StoreException("the store " + file + " failed: " + message.replace('\n', ' '), e);
  }
}
