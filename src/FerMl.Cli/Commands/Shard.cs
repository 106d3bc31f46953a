using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FerMl.Cli.Commands;

/// <summary>
/// A shard of a set of files. A hash of the file's name selects its shard, so that independent machines can divide the work, and added
/// files don't move the others.
/// </summary>
/// <param name="Number">Number of the shard, from 1.</param>
/// <param name="Count">Number of shards.</param>
internal readonly record struct Shard(int Number, int Count)
{
    private const int MaxParts = 1_000_000;

    public static bool TryParse(string? text, out Shard shard)
    {
        shard = default;
        if (text?.Split('/') is not [var number, var count]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || i < 1 || i > n || n > MaxParts)
            return false;
        shard = new Shard(i, n);
        return true;
    }

    public bool Has(string file) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(file.Replace('\\', '/')))) % (ulong)Count == (ulong)(Number - 1);
}
