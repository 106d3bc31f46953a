using FerMl.Vision;

namespace FerMl.Service;

/// <summary>A face in an image.</summary>
/// <param name="Id">Its number: in a photo from 1, the largest first; in a video the same from frame to frame.</param>
/// <param name="Box">Where it is: left, top, width and height, in pixels of the image.</param>
/// <param name="FaceScore">How sure the detector is that it is a face, 0 to 1.</param>
/// <param name="Roll">Roll of the head in degrees, clockwise as seen.</param>
/// <param name="Label">The most probable emotion.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Scores">Every emotion with its probability; they sum to 1.</param>
internal sealed record FaceAnswer(
    int Id, int[] Box, float FaceScore, float Roll, string Label, float Confidence, IReadOnlyDictionary<string, float> Scores)
{
    public static FaceAnswer[] Of(IReadOnlyList<FaceResult> faces) => [.. faces.Select(face => new FaceAnswer(
        face.Id, [face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height], face.Score, face.Roll, face.Prediction.Label,
        face.Prediction.Confidence, face.Prediction.ScoresByLabel()))];
}

/// <summary>The faces of a photo.</summary>
/// <param name="Name">What the upload called it.</param>
/// <param name="Width">Its width in pixels, upright.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">Its faces, the largest first.</param>
internal sealed record PhotoAnswer(string Name, int Width, int Height, FaceAnswer[] Faces);

/// <summary>The emotion of one face.</summary>
/// <param name="Name">What the upload called it.</param>
/// <param name="Label">The most probable emotion.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Scores">Every emotion with its probability; they sum to 1.</param>
internal sealed record EmotionAnswer(string Name, string Label, float Confidence, IReadOnlyDictionary<string, float> Scores)
{
    public static EmotionAnswer Of(string name, EmotionPrediction prediction) =>
        new(name, prediction.Label, prediction.Confidence, prediction.ScoresByLabel());
}

/// <summary>What became of one image of several.</summary>
/// <param name="Name">What the upload called it.</param>
/// <param name="Photo">Its faces, or null where it can't be read.</param>
/// <param name="Error">Why it can't be read, or null where it can.</param>
internal sealed record BatchItem(string Name, PhotoAnswer? Photo, string? Error);

/// <summary>What became of several images, in their order.</summary>
internal sealed record BatchAnswer(BatchItem[] Images);

/// <summary>The faces of a frame of live video.</summary>
/// <param name="Frame">The frame's number, as it was sent.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Faces">Its faces, in the order of their numbers.</param>
/// <param name="Milliseconds">How long the service took over it.</param>
/// <param name="Dropped">How many of the frames so far came too fast to be looked at.</param>
/// <param name="Error">Why it can't be read, or a face of it can't be scored; else null.</param>
internal sealed record FrameAnswer(
    uint Frame, int Width, int Height, FaceAnswer[] Faces, double Milliseconds, long Dropped, string? Error = null);

/// <summary>What the service answers with.</summary>
/// <param name="Model">The model for photos.</param>
/// <param name="LiveModel">The model for live video.</param>
/// <param name="Models">The names of all models that a request may ask for (<c>?model=</c>).</param>
/// <param name="Labels">Their classes, each with a color to show it in.</param>
/// <param name="About">What the labels of the model for photos are, and how accurate it is, in a sentence or two.</param>
/// <param name="Version">FerMl's version.</param>
internal sealed record ModelAnswer(
    string Model, string LiveModel, string[] Models, LabelAnswer[] Labels, string About, string Version);

/// <summary>An emotion.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Color">The color that FerMl shows it in, such as #d55e00.</param>
internal sealed record LabelAnswer(string Label, string Color);
