using System.Buffers.Binary;
using SkiaSharp;

namespace FerMl;

/// <summary>Finds the Exif orientation in PNG and WebP files, whose Exif data Skia doesn't read.</summary>
internal static class ExifOrientation
{
    private const ushort OrientationTag = 274;

    /// <returns>The orientation; null if the file has none.</returns>
    public static SKEncodedOrigin? Find(ReadOnlySpan<byte> encoded)
    {
        var exif = encoded.Length > 8 && encoded[1..].StartsWith("PNG\r\n"u8)
            ? Chunk(encoded[8..], "eXIf"u8, typeFirst: false)
            : encoded.StartsWith("RIFF"u8) && encoded.Length > 12 && encoded[8..].StartsWith("WEBP"u8)
            ? Chunk(encoded[12..], "EXIF"u8, typeFirst: true)
            : default;
        // Some writers keep JPEG's Exif header in front of the data.
        return Orientation(exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif);
    }

    /// <summary>A chunk of PNG (ISO/IEC 15948, 5.3: length, type, data, checksum) or RIFF (type, length, data, padded to even).</summary>
    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> chunks, ReadOnlySpan<byte> type, bool typeFirst)
    {
        while (chunks.Length >= 8)
        {
            long length = typeFirst ? BinaryPrimitives.ReadUInt32LittleEndian(chunks[4..]) : BinaryPrimitives.ReadUInt32BigEndian(chunks);
            var isWanted = chunks[(typeFirst ? 0 : 4)..].StartsWith(type);
            chunks = chunks[8..];
            if (length > chunks.Length)
                return default;
            if (isWanted)
                return chunks[..(int)length];
            var next = length + (typeFirst ? length & 1 : 4);
            chunks = next <= chunks.Length ? chunks[(int)next..] : default;
        }
        return default;
    }

    /// <summary>Reads the first directory of TIFF-structured data. Its entries consist of tag, type, count and value, 12 bytes in
    /// total.</summary>
    private static SKEncodedOrigin? Orientation(ReadOnlySpan<byte> tiff)
    {
        if (!TiffImage.IsTiff(tiff) || tiff.Length < 8)
            return null;
        var isLittle = tiff[0] == 'I';
        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (start > tiff.Length - 2)
            return null;
        var directory = tiff[(int)start..];
        var entries = directory[2..];
        for (var count = Number(directory, isLittle); count > 0 && entries.Length >= 12; count--, entries = entries[12..])
            if (Number(entries, isLittle) == OrientationTag)
                return Number(entries[8..], isLittle) is >= 1 and <= 8 and var value ? (SKEncodedOrigin)value : null;
        return null;
    }

    private static ushort Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
