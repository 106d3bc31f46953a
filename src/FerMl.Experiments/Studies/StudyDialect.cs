using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FerMl.Experiments;

/// <summary>Where the two databases differ: how they are opened, how they lock, and how they tell the time.</summary>
/// <param name="File">The database's file, or null where it is a server's.</param>
/// <param name="Open">Opens a connection.</param>
/// <param name="Begin">Begins a transaction that writes.</param>
/// <param name="LockAll">Lets one transaction at a time make tables.</param>
/// <param name="Now">Seconds since 1970 by the database's clock, which all workers share.</param>
/// <param name="LockRow">What locks a selected row till the end of the transaction.</param>
/// <param name="SkipLocked">What locks a row, and passes over those that others have locked.</param>
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
            // Not what the library says of it, and not the error itself: they can hold the password.
            throw new ExperimentException($"{StudyAddress.Shown(connection)}: its address can't be understood; {StudyAddress.Expected}.");
        }
    }

    private static StudyDialect Sqlite(string path)
    {
        // A worker waits its turn for half a minute; each turn takes milliseconds. A file that was deleted isn't made again, empty.
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = 30,
            Pooling = false,
            Mode = SqliteOpenMode.ReadWrite,
        }.ToString();
        // The lock is on the file, and is taken at the beginning.
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
    /// Whether a server went away or has too much to do, so that it may be there again soon. Its codes: classes 08 (connection), 53 (too
    /// much to do) and 57P (the server is being stopped or started).
    /// </summary>
    public bool IsAway(DbException error) => File is null && (error.IsTransient
        || (error.SqlState ?? "") is ['0', '8', ..] or ['5', '3', ..] or ['5', '7', 'P', ..]);
}
