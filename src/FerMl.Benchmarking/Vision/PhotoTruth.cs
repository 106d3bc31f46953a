using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>A face in a photograph that a detector should find.</summary>
/// <param name="X">Left edge in pixels.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
/// <param name="IsSure">Whether it must be found; otherwise it may or may not be a face, and isn't counted.</param>
/// <param name="Roll">Roll in degrees; 0 if unknown.</param>
/// <param name="Yaw">Rotation to the side: 0 frontal, beyond 0.35 half profile, beyond 0.7 profile.</param>
internal sealed record PhotoFace(double X, double Y, double Width, double Height, bool IsSure, double Roll, double Yaw)
{
    // Matching rule published with the photographs: maximum distance of the centers relative to the larger side, and ratio of the sides.
    private const double NearestCenter = 0.45, LargestFactor = 2.5;

    /// <summary>The longer side.</summary>
    public double Size => Math.Max(Width, Height);

    /// <summary>Whether a box matches this face.</summary>
    public bool IsHitBy(OpenCvSharp.Rect box)
    {
        double side = Math.Max(box.Width, box.Height);
        var away = Math.Max(Math.Abs(box.X + box.Width / 2.0 - X - Width / 2), Math.Abs(box.Y + box.Height / 2.0 - Y - Height / 2));
        return away < NearestCenter * Math.Max(side, Size) && Math.Max(side, Size) < LargestFactor * Math.Min(side, Size);
    }
}

/// <summary>The positions of faces in photographs: a table <c>boxes.csv</c> in the same folder.</summary>
internal static class PhotoTruth
{
    public const string FileName = "boxes.csv";

    /// <summary>
    /// Reads the table of a folder, with columns file, x, y, width, height, and optionally kind (face, unsure, none), roll, yaw. A
    /// photograph without faces has a row of kind none, or without a box.
    /// </summary>
    /// <exception cref="VisionException">The table is missing or invalid.</exception>
    public static IReadOnlyDictionary<string, List<PhotoFace>> Load(string folder)
    {
        return PhotoTable.Load<PhotoFace>(
            folder, FileName, "where their faces are", ["file", "x", "y", "width", "height"], ReadFace, ", and optionally kind, roll, yaw");

        static PhotoFace? ReadFace(CsvRow row, int line, string place)
        {
            var kind = row.Has("kind") ? row.Text("kind", line) : row.Text("x", line).Length > 0 ? "face" : "none";
            if (kind == "none")
                return null;
            if (kind is not ("face" or "unsure"))
                throw new VisionException($"{place}, column kind: '{CsvTable.Shorten(kind)}'; expected face, unsure or none.");
            return PhotoTable.Face(row, line) with
            {
                IsSure = kind == "face",
                Roll = Optional("roll"),
                Yaw = Optional("yaw"),
            };

            double Optional(string column) => row.Has(column) && row.Text(column, line).Length > 0 ? row.Number(column, line, -1e6) : 0;
        }
    }
}
