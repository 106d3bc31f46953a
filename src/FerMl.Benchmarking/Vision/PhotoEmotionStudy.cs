using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Benchmarking;

/// <summary>The accuracy of a model on faces detected in photographs.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Found">Number of detected faces with a label of the model, without slight smiles.</param>
/// <param name="Right">Number of correctly classified faces.</param>
/// <param name="ByEmotion">The same counts by emotion, and for slight smiles.</param>
/// <param name="Confusions">Number of wrong classifications by true and predicted emotion: "neutral as sad".</param>
internal sealed record PhotoEmotionResult(
    string Model, int Found, int Right, IReadOnlyDictionary<string, PhotoEmotionCount> ByEmotion,
    IReadOnlyDictionary<string, int> Confusions)
{
    /// <summary>Lower end of the accuracy's 95 % Wilson interval.</summary>
    public double Low => WilsonInterval.Of(Right, Found).Low;

    /// <summary>Upper end of the interval.</summary>
    public double High => WilsonInterval.Of(Right, Found).High;
}

/// <summary>A model to measure.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Predict">Classifies faces.</param>
internal sealed record PhotoEmotionModel(
    string Name, IReadOnlyList<string> Labels, Func<IReadOnlyList<GrayImage>, IReadOnlyList<EmotionPrediction>> Predict);

/// <summary>Number of detected and of correctly classified faces.</summary>
internal sealed record PhotoEmotionCount(int Found, int Right);

/// <summary>Measures models on the faces that a detector finds in photographs, with that detector's crops.</summary>
internal static class PhotoEmotionStudy
{
    /// <summary>Runs the study.</summary>
    /// <param name="folder">Folder with photographs and the table of <see cref="PhotoEmotions"/>.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="models">The models.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the study between photographs.</param>
    /// <returns>A result for each model, and the number of faces in the table.</returns>
    /// <exception cref="VisionException">The table is missing or invalid, or a photograph can't be read.</exception>
    public static (IReadOnlyList<PhotoEmotionResult> Results, int Faces) Run(
        string folder, Func<IFaceDetector> createDetector, IReadOnlyList<PhotoEmotionModel> models,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var detector = createDetector();
        var (faces, count) = Find(folder, detector, [detector.Framing], progress, cancellationToken);
        return ([.. models.Select(model => Measure(model, faces[0]))], count);
    }

    /// <summary>Measures a model on crops of several sizes.</summary>
    /// <param name="folder">Folder with photographs and the table of <see cref="PhotoEmotions"/>.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="model">The model.</param>
    /// <param name="scales">The sizes, see <see cref="FaceCrop.Scale"/>.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the study between photographs.</param>
    /// <returns>A result for each size.</returns>
    /// <exception cref="VisionException">The table is missing or invalid, or a photograph can't be read.</exception>
    public static IReadOnlyList<PhotoEmotionResult> Crops(
        string folder, Func<IFaceDetector> createDetector, PhotoEmotionModel model, IReadOnlyList<double> scales,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using var detector = createDetector();
        FaceCrop[] crops = [.. scales.Select(scale => detector.Framing with { Scale = scale })];
        return [.. Find(folder, detector, crops, progress, cancellationToken).Faces.Select(faces => Measure(model, faces))];
    }

    /// <summary>Finds the faces of the table with a detector, and crops them in each of several ways.</summary>
    private static (List<(PhotoEmotion Known, GrayImage Face)>[] Faces, int Count) Find(
        string folder, IFaceDetector detector, FaceCrop[] crops, IProgress<double>? progress, CancellationToken cancellation)
    {
        var truth = PhotoEmotions.Load(folder);
        var faces = crops.Select(_ => new List<(PhotoEmotion, GrayImage)>()).ToArray();
        foreach (var ((file, known), i) in truth.Select((photo, i) => (photo, i)))
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((double)i / truth.Count);
            using var photo = Photo.Read(Path.Combine(folder, file));
            using var gray = photo.CvtColor(ColorConversionCodes.BGR2GRAY);
            var left = known.ToList();
            foreach (var found in detector.Detect(gray).OrderByDescending(face => face.Score))
            {
                if (left.Find(face => face.Place.IsHitBy(found.Box)) is not { } hit)
                    continue;
                left.Remove(hit);
                for (var crop = 0; crop < crops.Length; crop++)
                {
                    var pixels = new byte[FaceResampler.PixelCount];
                    crops[crop].Crop(gray, found.Box, pixels, found.Roll);
                    faces[crop].Add((hit, new GrayImage(pixels, FaceResampler.Side, FaceResampler.Side)));
                }
            }
        }
        return (faces, truth.Values.Sum(photo => photo.Count));
    }

    private static PhotoEmotionResult Measure(PhotoEmotionModel model, List<(PhotoEmotion Known, GrayImage Face)> faces)
    {
        var labels = model.Labels.ToHashSet();
        var labeled = faces.Where(face => face.Known.Accepted.Any(labels.Contains)).ToArray();
        var predictions = labeled.Length == 0 ? [] : model.Predict([.. labeled.Select(face => face.Face)]);
        var judged = labeled.Zip(predictions, (face, prediction) =>
            (face.Known.Group, prediction.Label, IsRight: face.Known.Accepted.Contains(prediction.Label))).ToArray();
        var counted = judged.Where(face => face.Group != PhotoEmotions.Slight).ToArray();
        return new PhotoEmotionResult(
            model.Name, counted.Length, counted.Count(face => face.IsRight),
            judged.GroupBy(face => face.Group).OrderByDescending(group => group.Count()).ToDictionary(
                group => group.Key, group => new PhotoEmotionCount(group.Count(), group.Count(face => face.IsRight))),
            judged.Where(face => !face.IsRight).CountBy(face => $"{face.Group} as {face.Label}")
                .OrderByDescending(pair => pair.Value).ToDictionary());
    }
}
