using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace FerMl.Tests;

/// <summary>Encoded images made in memory.</summary>
internal static class TestImages
{
    public static byte[] Encode(
        int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Png, Func<int, int, SKColor>? color = null)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Bgra8888, SKAlphaType.Premul);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, (color ?? Gradient)(x, y));
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A 24-bit BMP, which Skia can read but not write.</summary>
    public static byte[] Bmp(int width, int height, byte level)
    {
        var stride = (width * 3 + 3) / 4 * 4;
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("BM"u8);
        writer.Write(54 + stride * height);
        writer.Write(0);
        writer.Write(54);
        writer.Write(40);
        writer.Write(width);
        writer.Write(height);
        writer.Write((short)1);
        writer.Write((short)24);
        writer.Write(new byte[24]);
        writer.Write(Enumerable.Repeat(level, stride * height).ToArray());
        return stream.ToArray();
    }

    /// <summary>A PNG whose header claims another size than its data has.</summary>
    public static byte[] PngThatClaims(int width, int height)
    {
        var png = Encode(8, 8);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>A JPEG with an Exif orientation (tag 274).</summary>
    public static byte[] JpegTurned(int side, ushort orientation, Func<int, int, SKColor> color)
    {
        var jpeg = Encode(side, side, SKEncodedImageFormat.Jpeg, color);
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0,
            (byte)orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG with an Exif orientation in an eXIf chunk, before its pixels or after them.</summary>
    public static byte[] PngTurned(int side, ushort orientation, Func<int, int, SKColor> color, bool atEnd = false)
    {
        var png = Encode(side, side, SKEncodedImageFormat.Png, color);
        byte[] content = [.. "eXIf"u8, .. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];
        var checksum = Crc32(content);
        byte[] chunk = [0, 0, 0, (byte)(content.Length - 4), .. content,
            (byte)(checksum >> 24), (byte)(checksum >> 16), (byte)(checksum >> 8), (byte)checksum];
        var place = atEnd ? png.Length - 12 : 33;
        return [.. png[..place], .. chunk, .. png[place..]];
    }

    /// <summary>A WebP in the extended format with an Exif orientation.</summary>
    public static byte[] WebpTurned(int side, ushort orientation, Func<int, int, SKColor> color)
    {
        var webp = Encode(side, side, SKEncodedImageFormat.Webp, color);
        var (low, high) = ((byte)(side - 1), (byte)((side - 1) >> 8));
        byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 8, 0, 0, 0, low, high, 0, low, high, 0];
        byte[] exif = [.. "EXIF"u8, 26, 0, 0, 0, .. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 18, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
            0, 0, 0, 0];
        byte[] file = [.. webp[..12], .. extended, .. webp[12..], .. exif];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        return file;
    }

    /// <summary>A gray TIFF, like JAFFE's.</summary>
    public static byte[] Tiff(int side, Func<int, int, SKColor> color, Orientation orientation = Orientation.TOPLEFT)
    {
        using var stream = new MemoryStream();
        using (var tiff = BitMiracle.LibTiff.Classic.Tiff.ClientOpen("test", "w", stream, new TiffStream()))
        {
            foreach (var (tag, value) in ((TiffTag, object)[])[(TiffTag.IMAGEWIDTH, side), (TiffTag.IMAGELENGTH, side),
                (TiffTag.BITSPERSAMPLE, 8), (TiffTag.SAMPLESPERPIXEL, 1), (TiffTag.ROWSPERSTRIP, side),
                (TiffTag.PHOTOMETRIC, Photometric.MINISBLACK), (TiffTag.COMPRESSION, Compression.LZW),
                (TiffTag.ORIENTATION, orientation)])
                tiff.SetField(tag, value);
            for (var y = 0; y < side; y++)
                tiff.WriteScanline([.. Enumerable.Range(0, side).Select(x => color(x, y).Red)], y);
            tiff.WriteDirectory();
            tiff.Flush();
        }
        return stream.ToArray();
    }

    private static SKColor Gradient(int x, int y) => new((byte)(5 * x), (byte)(5 * y), (byte)(x * y));

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var k = 0; k < 8; k++)
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
