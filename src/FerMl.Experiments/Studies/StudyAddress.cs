using System.Text.RegularExpressions;
using Npgsql;

namespace FerMl.Experiments;

/// <summary>
/// Parses the address of a study's database: a SQLite file, or a connection string or URI of PostgreSQL with a password.
/// </summary>
internal static partial class StudyAddress
{
    /// <summary>The expected form of a server address, for messages.</summary>
    public const string Expected =
        "expected Host=...;Database=...;Username=...;Password=... or postgresql://name:password@host:5432/database";

    /// <summary>
    /// Whether it is a server address, valid or not: text that could contain a password is never used as a file name.
    /// </summary>
    public static bool IsServer(string address) => IsUri(address) || Keyword().IsMatch(address) || LikeAddress().IsMatch(address);

    /// <summary>Whether it is a URI.</summary>
    public static bool IsUri(string address) => Scheme().IsMatch(address);

    /// <summary>The address for messages: of a server, only its host and database.</summary>
    public static string Shown(string address)
    {
        if (!IsServer(address))
            return address;
        try
        {
            var text = new NpgsqlConnectionStringBuilder(IsUri(address) ? FromUri(address) : address);
            // Other text could be a password in the wrong place.
            return text is { Database: { } database, Host: { } host } && Plain().IsMatch(database) && Plain().IsMatch(host)
                ? $"the PostgreSQL database '{database}' at {host}" : "the PostgreSQL database";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return "the PostgreSQL database";
        }
    }

    /// <summary>Converts a URI to a connection string.</summary>
    /// <exception cref="UriFormatException">The text isn't a valid URI.</exception>
    public static string FromUri(string text)
    {
        var uri = new Uri(text);
        if (uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0)
            throw new UriFormatException("not a PostgreSQL address");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        // Options such as sslmode=verify-full. Unknown ones are rejected, not ignored.
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var key, var given]
                ? (Uri.UnescapeDataString(key), Uri.UnescapeDataString(given)) : (option, "");
            // Npgsql writes libpq's sslmode=verify-full as VerifyFull, and application_name as ApplicationName.
            builder[name.Replace("_", "", StringComparison.Ordinal)] = name.Equals("sslmode", StringComparison.OrdinalIgnoreCase)
                ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return builder.ToString();
    }

    [GeneratedRegex(@"^\s*[a-z][a-z0-9+.-]+:/{1,2}[^/]", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    /// <summary>A user name and password before a host, with or without a scheme; not a Windows drive.</summary>
    [GeneratedRegex(@"^\s*postgres(ql)?:|^[^/\\]*:[^/\\]*@", RegexOptions.IgnoreCase)]
    private static partial Regex LikeAddress();

    [GeneratedRegex(@"^[\w.:-]+$")]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"(^|;)\s*(host|server|database|user ?name|user ?id|user)\s*=|pass(word|wd|phrase)?\s*=|pwd\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Keyword();
}
