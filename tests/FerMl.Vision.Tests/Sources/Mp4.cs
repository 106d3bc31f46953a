using System.Buffers.Binary;
using System.Text;

namespace FerMl.Vision.Tests;

/// <summary>Edits MP4 files, whose boxes consist of a length, a four-letter type and content (ISO 14496-12).</summary>
internal static class Mp4
{
    private static readonly string[] Way = ["moov", "trak", "mdia", "minf", "stbl", "stts"];

    /// <summary>Sets the durations of frames.</summary>
    /// <param name="file">A file with one track, whose index comes last, and with one duration for all frames.</param>
    /// <param name="runs">Numbers of frames, and the multiples of the present duration for which they are shown.</param>
    public static byte[] WithDurations(byte[] file, params (int Frames, int Times)[] runs)
    {
        var boxes = new List<int>();
        var (at, end) = (0, file.Length);
        foreach (var name in Way)
        {
            while (Name(at) != name)
                at += Length(at);
            boxes.Add(at);
            (at, end) = (at + 8, at + Length(at));
        }
        // Version and flags, number of runs, and each run: frames, duration.
        var duration = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 12));
        var table = new byte[8 + 8 * runs.Length];
        BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(4), runs.Length);
        for (var i = 0; i < runs.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(table.AsSpan(8 + 8 * i), runs[i].Frames);
            BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan(12 + 8 * i), duration * (uint)runs[i].Times);
        }
        byte[] changed = [.. file[..at], .. table, .. file[end..]];
        // The edit list, which precedes the table, says how much of the track is shown: all of it, for any length.
        var edits = file.AsSpan().IndexOf("elst"u8);
        if (edits >= 0)
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(edits + 12), int.MaxValue / 4);
        foreach (var box in boxes)
            BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(box), Length(box) + table.Length - (end - at));
        return changed;

        int Length(int box) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(box));

        string Name(int box) => Encoding.ASCII.GetString(file, box + 4, 4);
    }
}
