using FerMl.Vision;
using OpenCvSharp;

namespace FerMl.Benchmarking;

/// <summary>
/// Measures how to crop a face around the detector's box to match FER2013's crops: faces of FER2013 are pasted into larger images and
/// detected again. The defaults of <see cref="FaceCrop"/> come from this study.
/// </summary>
internal static class CropStudy
{
    // About the size of a face before a webcam, in an image with a margin around it.
    private const int Side = 160;
    private const int Image = 400;
    private static readonly double[] Sizes = [0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5];

    /// <summary>Runs the study.</summary>
    /// <param name="predictor">The model.</param>
    /// <param name="faces">Labeled faces; faces with a label that the model lacks are ignored.</param>
    /// <param name="createDetector">Creates the face detector.</param>
    /// <param name="progress">Receives the completed fraction, 0..1.</param>
    /// <param name="cancellationToken">Cancels the study between faces.</param>
    /// <exception cref="FerDataException">The detector found none of the faces.</exception>
    /// <exception cref="VisionException">The cascade is missing.</exception>
    public static CropResult Run(
        EmotionPredictor predictor, FerDataset faces, Func<IFaceDetector> createDetector, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(faces);
        var known = faces.Where(face => predictor.Labels.Contains(face.Label));
        using var detector = createDetector();
        var found = new List<(FaceSample Face, Rect Box)>();
        var (sizes, downs) = (new List<double>(), new List<double>());
        var tried = 0;
        foreach (var face in known.Samples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report((double)tried++ / known.Count);
            using var image = ImageOf(face);
            if (detector.Detect(image) is not [{ Box: var box }])
                continue;
            found.Add((face, box));
            sizes.Add((double)Side / box.Width);
            downs.Add((Image / 2.0 - (box.Y + box.Height / 2.0)) / box.Height);
        }
        if (found.Count == 0)
            throw new FerDataException($"{faces.Source}: the detector found none of {known.Count.Counted("face")}.");
        var (size, down) = (Median(sizes), Median(downs));
        var cuts = new List<CropAccuracy>();
        foreach (var crop in Sizes.SelectMany(wide => new[] { 0, Math.Round(down, 3) }.Select(low => new FaceCrop
        {
            Scale = wide,
            OffsetY = low,
        })))
            cuts.Add(new CropAccuracy(crop, Accuracy(predictor, found, (face, box) => Cut(crop, face, box))));
        return new CropResult(known.Count, found.Count, size, down, Accuracy(predictor, found, (face, _) => face.Pixels.ToArray()), cuts);
    }

    private static double Accuracy(EmotionPredictor predictor, List<(FaceSample Face, Rect Box)> found, Func<FaceSample, Rect, byte[]> cut)
    {
        GrayImage[] images = [.. found.Select(item => new GrayImage(cut(item.Face, item.Box), FaceResampler.Side, FaceResampler.Side))];
        var predictions = predictor.Predict(images);
        return predictions.Zip(found, (prediction, item) => prediction.Label == item.Face.Label ? 1.0 : 0).Average();
    }

    private static byte[] Cut(FaceCrop crop, FaceSample face, Rect box)
    {
        using var image = ImageOf(face);
        var cut = new byte[FaceResampler.PixelCount];
        crop.Crop(image, box, cut);
        return cut;
    }

    /// <summary>An image with the face in the center and its border pixels replicated to the edges.</summary>
    private static Mat ImageOf(FaceSample face)
    {
        using var small = Mat.FromPixelData(FaceResampler.Side, FaceResampler.Side, MatType.CV_8UC1, face.Pixels.ToArray());
        using var large = new Mat();
        Cv2.Resize(small, large, new Size(Side, Side), 0, 0, InterpolationFlags.Cubic);
        var image = new Mat();
        const int border = (Image - Side) / 2;
        Cv2.CopyMakeBorder(large, image, border, border, border, border, BorderTypes.Replicate);
        return image;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
