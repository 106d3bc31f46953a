using System.Text.RegularExpressions;
using Npgsql;

namespace FerMl.Experiments;

/// <summary>
/// Where a study is kept, as people write it: a SQLite file, or PostgreSQL's connection string or address with a password.
/// </summary>
internal static partial class StudyAddress
{
    /// <summary>What a server's address looks like, for messages.</summary>
    public const string Expected =
        "expected Host=...;Database=...;Username=...;Password=... or postgresql://name:password@host:5432/database";

    /// <summary>
    /// Whether it is meant for a server, rightly written or not: whatever could hold a password isn't taken for the name of a file.
    /// </summary>
    public static bool IsServer(string address) => IsUri(address) || Keyword().IsMatch(address) || LikeAddress().IsMatch(address);

    /// <summary>Whether it is an address with a scheme.</summary>
    public static bool IsUri(string address) => Scheme().IsMatch(address);

    /// <summary>The address as it may stand in a message: of a server nothing but its host and database.</summary>
    public static string Shown(string address)
    {
        if (!IsServer(address))
            return address;
        try
        {
            var text = new NpgsqlConnectionStringBuilder(IsUri(address) ? FromUri(address) : address);
            // Whatever else stands there may be a password in the wrong place.
            return text is { Database: { } database, Host: { } host } && Plain().IsMatch(database) && Plain().IsMatch(host)
                ? $"the PostgreSQL database '{database}' at {host}" : "the PostgreSQL database";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return "the PostgreSQL database";
        }
    }

    /// <summary>The connection string of an address.</summary>
    /// <exception cref="UriFormatException">It isn't one.</exception>
    public static string FromUri(string text)
    {
        var uri = new Uri(text);
        if (uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0)
            throw new UriFormatException("no address of PostgreSQL");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        // Such as sslmode=verify-full: what isn't known is refused, not left out.
        foreach (var option in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var key, var given]
                ? (Uri.UnescapeDataString(key), Uri.UnescapeDataString(given)) : (option, "");
            // libpq's sslmode=verify-full is Npgsql's VerifyFull, and its application_name ApplicationName.
            builder[name.Replace("_", "", StringComparison.Ordinal)] = name.Equals("sslmode", StringComparison.OrdinalIgnoreCase)
                ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        return builder.ToString();
    }

    [GeneratedRegex(@"^\s*[a-z][a-z0-9+.-]+:/{1,2}[^/]", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    /// <summary>A name and a password before a host, with or without a scheme; not a drive of Windows.</summary>
    [GeneratedRegex(@"^\s*postgres(ql)?:|^[^/\\]*:[^/\\]*@", RegexOptions.IgnoreCase)]
    private static partial Regex LikeAddress();

    [GeneratedRegex(@"^[\w.:-]+$")]
    private static partial Regex Plain();

    [GeneratedRegex(
        @"(^|;)\s*(host|server|database|user ?name|user ?id|user)\s*=|pass(word|wd|phrase)?\s*=|pwd\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Keyword();
}
