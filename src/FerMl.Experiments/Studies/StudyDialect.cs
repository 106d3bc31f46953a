using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FerMl.Experiments;

/// <summary>The differences between SQLite and PostgreSQL: connections, locks and clocks.</summary>
/// <param name="File">The database's file, or null for a server.</param>
/// <param name="Open">Opens a connection.</param>
/// <param name="Begin">SQL that begins a write transaction.</param>
/// <param name="LockAll">SQL that lets only one transaction create tables at once.</param>
/// <param name="Now">SQL for the seconds since 1970 by the database's clock, which all workers share.</param>
/// <param name="LockRow">SQL suffix that locks selected rows until the end of the transaction.</param>
/// <param name="SkipLocked">SQL suffix that locks selected rows and skips rows locked by others.</param>
internal sealed record StudyDialect(
    string? File, Func<DbConnection> Open, string Begin, string LockAll, string Now, string LockRow, string SkipLocked)
{
    /// <param name="connection">The path of a SQLite file, or a connection string of PostgreSQL (<c>Host=...</c> or
    /// <c>postgresql://...</c>).</param>
    public static StudyDialect Of(string connection)
    {
        if (!StudyAddress.IsServer(connection))
            return Sqlite(connection);
        try
        {
            return Postgres(StudyAddress.IsUri(connection) ? StudyAddress.FromUri(connection) : connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            // Leave out the library's message and exception: they can contain the password.
            throw new ExperimentException($"{StudyAddress.Shown(connection)}: its address can't be understood; {StudyAddress.Expected}.");
        }
    }

    private static StudyDialect Sqlite(string path)
    {
        // A worker waits up to half a minute for its turn; a transaction takes milliseconds. A deleted file isn't recreated empty.
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = 30,
            Pooling = false,
            Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
        // The transaction locks the file at its start.
        return new StudyDialect(
            path, () => new SqliteConnection(text), "BEGIN IMMEDIATE", "SELECT 1", "(julianday('now') - 2440587.5) * 86400.0", "", "");
    }

    private static StudyDialect Postgres(string text)
    {
        var source = NpgsqlDataSource.Create(text);
        return new StudyDialect(
            null, source.CreateConnection, "BEGIN", "SELECT pg_advisory_xact_lock(hashtext('ferml'))",
            "EXTRACT(EPOCH FROM clock_timestamp())::double precision", " FOR UPDATE", " FOR UPDATE SKIP LOCKED");
    }

    /// <summary>
    /// Whether a server is unavailable or overloaded, so that a retry may succeed. SQLSTATE classes: 08 (connection exception), 53
    /// (insufficient resources) and 57P (shutdown or startup).
    /// </summary>
    public bool IsAway(DbException error) => File is null && (error.IsTransient
        || (error.SqlState ?? "") is ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..]);
}
