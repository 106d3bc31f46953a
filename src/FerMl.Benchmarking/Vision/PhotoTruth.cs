using FerMl.Vision;
namespace FerMl.Benchmarking;

/// <summary>A face in a photograph that a detector should find.</summary>
/// <param name="X">Its left edge in pixels.</param>
/// <param name="Y">Its upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="IsSure">Whether it must be found; what may be a face or none counts neither way.</param>
/// <param name="Roll">Its roll in degrees; 0 where that isn't said.</param>
/// <param name="Yaw">How far it is turned to the side: 0 frontal, beyond 0.35 half turned, beyond 0.7 a profile.</param>
internal sealed record PhotoFace(double X, double Y, double Width, double Height, bool IsSure, double Roll, double Yaw)
{
    // Published with the photographs that these were measured on: centers closer than this of the larger side, sides within this factor.
    private const double NearestCenter = 0.45, LargestFactor = 2.5;

    /// <summary>Its longer side.</summary>
    public double Size => Math.Max(Width, Height);

    /// <summary>Whether a box is about this face.</summary>
    public bool IsHitBy(OpenCvSharp.Rect box)
    {
        double side = Math.Max(box.Width, box.Height);
        var away = Math.Max(Math.Abs(box.X + box.Width / 2.0 - X - Width / 2), Math.Abs(box.Y + box.Height / 2.0 - Y - Height / 2));
        return away < NearestCenter * Math.Max(side, Size) && Math.Max(side, Size) < LargestFactor * Math.Min(side, Size);
    }
}

/// <summary>Where the faces of photographs are: a table <c>boxes.csv</c> beside them.</summary>
internal static class PhotoTruth
{
    public const string FileName = "boxes.csv";

    /// <summary>
    /// Reads the table of a folder: columns file, x, y, width, height, and as wanted kind (face, unsure, none), roll, yaw. A photograph
    /// without faces has a row of kind none, or without a box.
    /// </summary>
    /// <exception cref="VisionException">It is missing, no such table, or a row is wrong.</exception>
    public static IReadOnlyDictionary<string, List<PhotoFace>> Load(string folder)
    {
        return PhotoTable.Load<PhotoFace>(
            folder, FileName, "where their faces are", ["file", "x", "y", "width", "height"], ReadFace, ", and as wanted kind, roll, yaw");

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
