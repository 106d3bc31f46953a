using FerMl.Vision;

namespace FerMl.Detection;

/// <summary>Writes the proposal network's targets for a scene, cell by cell.</summary>
internal static class SceneTargets
{
    /// <summary>A face, no face, and ignored by the loss.</summary>
    public const float Face = 1, Background = 0, Unasked = -1;

    // A grid also learns sizes beyond its range by up to the first factor, and ignores those by up to the second.
    private const double Tolerance = 1.15, Doubt = 1.45;

    /// <summary>Writes the targets of a scene.</summary>
    /// <param name="faces">Its faces.</param>
    /// <param name="answers">Receives <see cref="FaceGrid.Values"/> rows of <see cref="Scene.Places"/> numbers: the label of each cell,
    /// then center, size and roll of its face.</param>
    public static void Write(IEnumerable<SceneFace> faces, Span<float> answers)
    {
        answers.Clear();
        var first = 0;
        // Small faces last: they win cells that two faces claim.
        SceneFace[] ordered = [.. faces.OrderByDescending(face => face.Size)];
        foreach (var stride in FaceGrid.Strides)
        {
            var columns = Scene.Side / stride;
            var (smallest, largest) = (FaceGrid.SmallestOf(stride), FaceGrid.SmallestOf(stride) * FaceGrid.Octave);
            foreach (var face in ordered)
            {
                if (face.Size < smallest / Doubt || face.Size > largest * Doubt)
                    continue;
                var isAsked = !face.IsHidden && face.Size > smallest / Tolerance && face.Size < largest * Tolerance;
                var doubt = Math.Max(2 * stride, 0.4 * face.Size);
                for (var row = 0; row < columns; row++)
                    for (var column = 0; column < columns; column++)
                    {
                        var (dx, dy) = (face.X - (column + 0.5) * stride, face.Y - (row + 0.5) * stride);
                        var distance = Math.Max(Math.Abs(dx), Math.Abs(dy));
                        if (distance > doubt)
                            continue;
                        var place = first + row * columns + column;
                        if (isAsked && distance <= stride)
                        {
                            answers[place] = Face;
                            answers[Scene.Places + place] = (float)(dx / stride);
                            answers[2 * Scene.Places + place] = (float)(dy / stride);
                            answers[3 * Scene.Places + place] = (float)Math.Log(face.Size / FaceGrid.MiddleOf(stride));
                            answers[4 * Scene.Places + place] = (float)Math.Cos(face.Roll);
                            answers[5 * Scene.Places + place] = (float)Math.Sin(face.Roll);
                        }
                        else if (answers[place] != Face)
                        {
                            answers[place] = Unasked;
                        }
                    }
            }
            first += columns * columns;
        }
    }
}
