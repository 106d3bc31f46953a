using FerMl.Training;
using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Detection;

/// <summary>
/// Crops the proposals of the trained first network from scenes, labeled by the scenes' faces. It adds crops of the faces with jitter, so
/// that faces that are never proposed are learned, too, and a few random crops, since a barely trained network proposes nothing.
/// </summary>
internal sealed class ProposedCrops(FaceProposer proposer)
{
    private const int MaxOfAScene = 16, RandomPlaces = 2, LargestRandom = 96;
    private const double MinProposal = 0.12;
    private const int SmallestFace = CnnDetectorOptions.SmallestFace;

    // A proposal nearer than Near, over the larger size, and within Growth of a face's size is the face; beyond Far, a negative.
    private const double Near = 0.3, Far = 0.6, Growth = 1.6;

    // Jitter of faces: shift and scale, over their size, and rotation in degrees.
    private const double Moved = 0.1, Resized = 0.15, Turned = 20;

    /// <summary>The labeled crops of a scene.</summary>
    public IEnumerable<(byte[] Face, bool IsFace)> Of(Scene scene, RandomStream random)
    {
        var gray = new GrayImage(scene.Pixels, Scene.Side, Scene.Side);
        var image = new GrayPyramid(gray);
        foreach (var proposed in FaceCandidate.Merge(proposer.Propose(gray, SmallestFace, MinProposal)).Take(MaxOfAScene))
            if (IsFace(scene, proposed) is { } isFace)
                yield return (Cut(image, proposed), isFace);
        for (var i = 0; i < RandomPlaces; i++)
        {
            var side = random.Below(LargestRandom - SmallestFace) + SmallestFace;
            var place = new FoundFace(
                new Rect(random.Below(Scene.Side - side), random.Below(Scene.Side - side), side, side), 1, (float)random.Between(-60, 60));
            if (IsFace(scene, place) is false)
                yield return (Cut(image, place), false);
        }
        foreach (var face in scene.Faces.Where(face => !face.IsHidden && face.Size >= SmallestFace))
        {
            var size = face.Size * random.Between(1 - Resized, 1 + Resized);
            var (x, y) = (face.X + face.Size * random.Between(-Moved, Moved), face.Y + face.Size * random.Between(-Moved, Moved));
            var side = (int)Math.Round(size);
            yield return (Cut(image, new FoundFace(
                new Rect((int)Math.Round(x - size / 2), (int)Math.Round(y - size / 2), side, side), 1,
                (float)(face.Roll * 180 / Math.PI + random.Between(-Turned, Turned)))), true);
        }
    }

    /// <summary>Whether a proposal is a face; null where that is ambiguous.</summary>
    private static bool? IsFace(Scene scene, FoundFace proposed)
    {
        double size = proposed.Box.Width;
        var (x, y) = (proposed.Box.X + size / 2, proposed.Box.Y + size / 2);
        if (x < 0 || y < 0 || x > Scene.Side || y > Scene.Side)
            return null;
        bool? answer = false;
        foreach (var face in scene.Faces)
        {
            var (larger, smaller) = (Math.Max(size, face.Size), Math.Min(size, face.Size));
            var away = Math.Max(Math.Abs(face.X - x), Math.Abs(face.Y - y)) / larger;
            if (!face.IsHidden && away < Near && larger < Growth * smaller)
                return true;
            if (away < Far)
                answer = null;
        }
        return answer;
    }

    private static byte[] Cut(GrayPyramid image, FoundFace face)
    {
        var pixels = new byte[FaceResampler.PixelCount];
        FaceVerifier.Crop(image, face, pixels);
        return pixels;
    }
}
