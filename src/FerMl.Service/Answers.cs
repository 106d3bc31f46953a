using FerMl.Vision;

namespace FerMl.Service;

/// <summary>A face in an image.</summary>
/// <param name="Id">Its ID: in a photo, counted from 1, largest face first; in a video, stable across frames.</param>
/// <param name="Box">Bounding box in pixels of the image: left, top, width, height.</param>
/// <param name="FaceScore">The detector's confidence, 0 to 1.</param>
/// <param name="Roll">Roll of the head in degrees, clockwise in the image.</param>
/// <param name="Label">The most probable emotion.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Scores">The probability of each emotion; they sum to 1.</param>
internal sealed record FaceAnswer(
    int Id, int[] Box, float FaceScore, float Roll, string Label, float Confidence, IReadOnlyDictionary<string, float> Scores)
{
    public static FaceAnswer[] Of(IReadOnlyList<FaceResult> faces) => [.. faces.Select(face => new FaceAnswer(
        face.Id, [face.Box.X, face.Box.Y, face.Box.Width, face.Box.Height], face.Score, face.Roll, face.Prediction.Label,
        face.Prediction.Confidence, face.Prediction.ScoresByLabel()))];
}

/// <summary>The faces of a photo.</summary>
/// <param name="Name">Name of the uploaded image.</param>
/// <param name="Width">Width in pixels, after the Exif orientation is applied.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Faces">Its faces, largest first.</param>
internal sealed record PhotoAnswer(string Name, int Width, int Height, FaceAnswer[] Faces);

/// <summary>The emotion of one face.</summary>
/// <param name="Name">Name of the uploaded image.</param>
/// <param name="Label">The most probable emotion.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
/// <param name="Scores">The probability of each emotion; they sum to 1.</param>
internal sealed record EmotionAnswer(string Name, string Label, float Confidence, IReadOnlyDictionary<string, float> Scores)
{
    public static EmotionAnswer Of(string name, EmotionPrediction prediction) =>
        new(name, prediction.Label, prediction.Confidence, prediction.ScoresByLabel());
}

/// <summary>The result for one image of a batch.</summary>
/// <param name="Name">Name of the uploaded image.</param>
/// <param name="Photo">Its faces, or null if the image can't be read.</param>
/// <param name="Error">Why the image can't be read, or null if it can.</param>
internal sealed record BatchItem(string Name, PhotoAnswer? Photo, string? Error);

/// <summary>The results for a batch of images, in request order.</summary>
internal sealed record BatchAnswer(BatchItem[] Images);

/// <summary>The faces of a frame of live video.</summary>
/// <param name="Frame">The frame number that the client sent.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Faces">Its faces, ordered by ID.</param>
/// <param name="Milliseconds">Processing time of the frame.</param>
/// <param name="Dropped">Number of frames of this session that were dropped because they arrived too fast.</param>
/// <param name="Error">Why the frame can't be read or one of its faces can't be scored; otherwise null.</param>
internal sealed record FrameAnswer(
    uint Frame, int Width, int Height, FaceAnswer[] Faces, double Milliseconds, long Dropped, string? Error = null);

/// <summary>The models of the service.</summary>
/// <param name="Model">The model for photos.</param>
/// <param name="LiveModel">The model for live video.</param>
/// <param name="Models">The names of all models that a request can select (<c>?model=</c>).</param>
/// <param name="Labels">The classes of both models, each with its display color.</param>
/// <param name="About">The labels and the accuracy of the photo model, in a sentence or two.</param>
/// <param name="Version">FerMl's version.</param>
internal sealed record ModelAnswer(
    string Model, string LiveModel, string[] Models, LabelAnswer[] Labels, string About, string Version);

/// <summary>A class.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Color">Its display color in FerMl, such as #d55e00.</param>
internal sealed record LabelAnswer(string Label, string Color);
