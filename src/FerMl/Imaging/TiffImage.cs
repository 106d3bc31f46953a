using System.Runtime.InteropServices;
using BitMiracle.LibTiff.Classic;
using SkiaSharp;

namespace FerMl;

/// <summary>Decodes the first image of a TIFF file, the format of JAFFE and of scanners, with LibTiff.</summary>
internal static class TiffImage
{
    static TiffImage() => Tiff.SetErrorHandler(new Silence());

    public static bool IsTiff(ReadOnlySpan<byte> encoded) => encoded.StartsWith("II*\0"u8) || encoded.StartsWith("MM\0*"u8);

    /// <exception cref="FaceImageException">The image is damaged, truncated, empty, or too large.</exception>
    public static DecodedImage Decode(ReadOnlySpan<byte> encoded, string name, int maxPixels)
    {
        try
        {
            using var stream = new MemoryStream(encoded.ToArray(), writable: false);
            using var tiff = Tiff.ClientOpen(name, "r", stream, new TiffStream())
                ?? throw new FaceImageException($"{name}: the image is damaged.");
            var (width, height) = (Number(tiff, TiffTag.IMAGEWIDTH, 0), Number(tiff, TiffTag.IMAGELENGTH, 0));
            var bitmap = ImageDecoder.Allocate(width, height, SKColorType.Rgba8888, name, maxPixels);
            try
            {
                var origin = (SKEncodedOrigin)Math.Clamp(Number(tiff, TiffTag.ORIENTATION, 1), 1, 8);
                // Decode as stored: LibTiff only supports rotations by 180 degrees.
                tiff.SetField(TiffTag.ORIENTATION, Orientation.TOPLEFT);
                var pixels = new int[width * height];
                if (!tiff.RGBAImageOK(out var reason))
                    throw new FaceImageException($"{name}: an unsupported kind of TIFF image ({reason}).");
                if (!tiff.ReadRGBAImageOriented(width, height, pixels, Orientation.TOPLEFT, true))
                    throw new FaceImageException($"{name}: the image is damaged or cut short.");
                Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
                return new DecodedImage(bitmap, origin);
            }
            catch
            {
                bitmap.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is not FaceImageException)
        {
            // On unexpected input, LibTiff throws whatever its array accesses throw.
            throw new FaceImageException($"{name}: the image is damaged ({e.Message}).", e);
        }
    }

    private static int Number(Tiff tiff, TiffTag tag, int otherwise) => tiff.GetField(tag) is [var field, ..] ? field.ToInt() : otherwise;

    /// <summary>Suppresses LibTiff's messages, which would go to the program's standard error.</summary>
    private sealed class Silence : TiffErrorHandler
    {
        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
