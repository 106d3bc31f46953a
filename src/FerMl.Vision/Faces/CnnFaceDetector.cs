using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Detects faces with two small networks of FerMl's own, trained from scratch on FER2013's faces (docs/detection.md): one proposes, the
/// other verifies. It also finds small, turned and rolled faces. Thread-safe: calls are serialized.
/// </summary>
public sealed class CnnFaceDetector : IFaceDetector
{
    // Proposals below the first score are verified only in thorough mode, where no face is near, and with enough pixels to distinguish a
    // turned head from a false positive. Below the second score there are none.
    private const double Likely = 0.3, MinProposal = 0.1;
    private const int ManyPixels = 32;

    // Maximum number of proposals, more than any crowd has faces.
    private const int MaxProposals = 400;

    // Maximum size of a face that extends beyond the image, over the image's longer side.
    private const double LargestFace = 1.5;

    // Minimum intersection over union with a known face at which a proposal is that face.
    private const double SamePlace = 0.5;

    // The verifier also analyzes the mirror image where the combined logits are closer to 0 than this: few change by more.
    private const double Doubt = 4;

    // Where no face of at most this roll, in degrees, and at least this score is found, the image is analyzed mirrored and rotated. Faces
    // found there need this score, too, since each pass adds false positives.
    private const double Upright = 55, Sure = 0.9;

    private readonly CnnDetectorOptions _options;
    private readonly FaceProposer _proposer;
    private readonly FaceVerifier? _verifier;
    private readonly double _bias;
    private readonly DisposeGuard _gate = new(typeof(CnnFaceDetector));

    /// <summary>Opens the networks.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">The file doesn't exist, or isn't a detector.</exception>
    public CnnFaceDetector(CnnDetectorOptions? options = null) : this(Open(ref options), options!)
    {
    }

    /// <summary>Opens the networks of a loaded file.</summary>
    internal CnnFaceDetector(DetectorFile file, CnnDetectorOptions options) : this((file, "the detector"), options)
    {
    }

    private CnnFaceDetector((DetectorFile File, string Name) opened, CnnDetectorOptions options)
    {
        (_options, _bias) = (options, opened.File.Card.Bias);
        var networks = opened.File.Inference;
        _proposer = new FaceProposer(networks.Proposals, opened.Name, options.Threads);
        try
        {
            // A detector whose training isn't complete has none.
            _verifier = networks.Verification is { } verification ? new FaceVerifier(verification, opened.Name, options.Threads) : null;
            // Run the networks once, to fail early if they are invalid.
            var blank = new GrayImage(
                Enumerable.Repeat((byte)127, FaceGrid.Alignment * FaceGrid.Alignment).ToArray(), FaceGrid.Alignment, FaceGrid.Alignment);
            _ = _proposer.Propose(blank, FaceGrid.SmallestFace, MinProposal);
            _ = _verifier?.Verify(new GrayPyramid(blank), [new FoundFace(new Rect(0, 0, FaceGrid.Alignment, FaceGrid.Alignment))]);
        }
        catch
        {
            _verifier?.Dispose();
            _proposer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="VisionException">The image is empty, or the networks can't process it.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed of.</exception>
    public IReadOnlyList<FoundFace> Detect(GrayImage gray) => Detect(gray, []);

    /// <inheritdoc/>
    /// <exception cref="VisionException">The image is empty, or the networks can't process it.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed of.</exception>
    public IReadOnlyList<FoundFace> Detect(GrayImage gray, IReadOnlyList<FoundFace> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        using var guard = _gate.Enter();
        GrayRegions.RequirePixels(gray);
        gray = Brightened(gray);
        var found = DetectIn(gray, known);
        if (_options.AnyRoll)
            return FaceCandidate.Distinct(found.Concat(PictureOrientation.Rotated.SelectMany(way => DetectIn(gray, way)))
                .OrderByDescending(face => face.Score));
        if (!_options.IsThorough || found.Any(face => face.Score >= Sure && Math.Abs(face.Roll) <= Upright))
            return found;
        // No upright face, or only doubtful ones: perhaps the image isn't upright.
        foreach (var way in PictureOrientation.Rotated.Prepend(PictureOrientation.Mirrored))
        {
            FoundFace[] sure = [.. DetectIn(gray, way).Where(face => face.Score >= Sure)];
            if (sure.Length > 0)
                return FaceCandidate.Distinct(sure.Concat(found).OrderByDescending(face => face.Score));
        }
        return found;
    }

    /// <summary>Detects the faces in a mirrored or rotated copy of an image.</summary>
    private IEnumerable<FoundFace> DetectIn(GrayImage gray, PictureOrientation way) =>
        [.. DetectIn(way.Apply(gray), []).Select(face => way.Back(face, new Size(gray.Width, gray.Height)))];

    private IReadOnlyList<FoundFace> DetectIn(GrayImage gray, IReadOnlyList<FoundFace> known)
    {
        var bounds = new Rect(0, 0, gray.Width, gray.Height);
        FoundFace[] proposed = [.. FaceCandidate.Merge(_proposer.Propose(
                gray, _options.MinFaceIn(gray.Width, gray.Height), _options.IsThorough ? MinProposal : Likely))
            .Where(face => (face.Box & bounds) is { Width: > 0, Height: > 0 }
                && face.Box.Width <= LargestFace * Math.Max(bounds.Width, bounds.Height)).Take(MaxProposals)];
        var image = new GrayPyramid(gray);
        // The first network locates faces, the likeliest first; the second only verifies them.
        var likely = FaceCandidate.Distinct(Verified(image, [.. proposed.Where(face => face.Score >= Likely)], known));
        FoundFace[] others = [.. proposed.Where(
            face => face.Score < Likely && face.Box.Width >= ManyPixels && !likely.Any(other => IsInCropOf(face, other)))];
        return others.Length == 0 ? likely : FaceCandidate.Distinct(likely.Concat(Verified(image, others, [])));
    }

    /// <summary>
    /// <see cref="CnnDetectorOptions.Crop"/>, or by default 0.95 of the box, which classifies most of the obvious faces in photos correctly
    /// (<c>ferml benchmark crop --photos</c>, docs/development/decisions/face-detection.md).
    /// </summary>
    public FaceCrop Framing => _options.Crop ?? new FaceCrop { Scale = 0.95 };

    /// <summary>Frees the networks, after a running call has returned.</summary>
    public void Dispose() => _gate.Close(() =>
    {
        _proposer.Dispose();
        _verifier?.Dispose();
    });

    /// <summary>
    /// Whether the verifier's crop of a proposal contains the center of a known face, which it may mistake the proposal for.
    /// </summary>
    private static bool IsInCropOf(FoundFace place, FoundFace known)
    {
        var reach = FaceVerifier.CropScale * place.Box.Width / 2;
        return Math.Abs(place.Box.X + place.Box.Width / 2.0 - known.Box.X - known.Box.Width / 2.0) < reach
            && Math.Abs(place.Box.Y + place.Box.Height / 2.0 - known.Box.Y - known.Box.Height / 2.0) < reach;
    }

    /// <summary>A copy with stretched contrast of a dimly lit image, or the image itself where it has enough contrast.</summary>
    private static GrayImage Brightened(GrayImage gray)
    {
        const int step = 7;
        Span<byte> table = stackalloc byte[256];
        if (!ContrastStretch.Table(gray.Pixels.Span, step, table))
            return gray;
        var lit = new byte[gray.Pixels.Length];
        ContrastStretch.Map(gray.Pixels.Span, table, lit);
        return gray with { Pixels = lit };
    }

    /// <summary>
    /// The proposals that both networks together accept, by the sum of their logits. Where that is uncertain, the verifier's logit is
    /// averaged with that of the mirror image.
    /// </summary>
    private IEnumerable<FoundFace> Verified(GrayPyramid image, FoundFace[] proposed, IReadOnlyList<FoundFace> known)
    {
        double[] logits = [.. proposed.Select(face => Math.Log(face.Score / (1 - face.Score)) - _bias)];
        // A known face keeps its score.
        float?[] scores = [.. proposed.Select(face => Known(face)?.Score)];
        if (_verifier is not null)
        {
            int[] unknown = [.. Enumerable.Range(0, proposed.Length).Where(i => scores[i] is null)];
            var first = _verifier.Verify(image, [.. unknown.Select(i => proposed[i])]);
            int[] doubtful = [.. Enumerable.Range(0, unknown.Length).Where(i => Math.Abs(logits[unknown[i]] + first[i]) < Doubt)];
            var second = _verifier.Verify(image, [.. doubtful.Select(i => proposed[unknown[i]])], isMirrored: true);
            for (var i = 0; i < unknown.Length; i++)
                logits[unknown[i]] += first[i];
            for (var i = 0; i < doubtful.Length; i++)
                logits[unknown[doubtful[i]]] += (second[i] - first[doubtful[i]]) / 2;
        }
        return proposed.Select((face, i) => face with { Score = scores[i] ?? (float)Sigmoid(logits[i]) })
            .Where(face => face.Score >= _options.MinScore);

        FoundFace? Known(FoundFace face) =>
            known.FirstOrDefault(other => FaceTracker.Overlap(other.Box, face.Box) >= SamePlace) is { Box.Width: > 0 } found ? found : null;
    }

    private static (DetectorFile, string) Open(ref CnnDetectorOptions? options)
    {
        options ??= new CnnDetectorOptions();
        OptionsValidator.Check(options);
        return DetectorFile.Open(options.Model);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
