using OpenCvSharp;

namespace FerMl.Vision;

/// <summary>
/// Finds faces with two small networks of FerMl's own, trained from scratch on FER2013's faces (docs/detection.md): one proposes, the other
/// verifies. It finds small, turned and leaning faces too. Threads that use one take turns.
/// </summary>
public sealed class CnnFaceDetector : IFaceDetector
{
    // What is less likely than the first is looked at only by those who look thoroughly, where no face is near, and where it has so many
    // pixels that a head which is turned away can be told from none; than the second, not at all.
    private const double Likely = 0.3, LeastProposal = 0.1;
    private const int ManyPixels = 32;

    // No crowd has more faces than this.
    private const int MostProposals = 400;

    // Sums of logits closer to the bias than this are worth another look: a mirror image changes few by more.
    private const double Doubt = 4;

    private readonly CnnDetectorOptions _options;
    private readonly FaceProposer _proposer;
    private readonly FaceVerifier? _verifier;
    private readonly double _bias;
    private readonly NativeGate _gate = new(typeof(CnnFaceDetector));

    /// <summary>Opens the networks.</summary>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">There is no such file, or it is no detector.</exception>
    public CnnFaceDetector(CnnDetectorOptions? options = null) : this(Open(ref options), options!)
    {
    }

    /// <summary>Opens the networks of a file that was read.</summary>
    internal CnnFaceDetector(DetectorFile file, CnnDetectorOptions options) : this((file, "the detector"), options)
    {
    }

    private CnnFaceDetector((DetectorFile File, string Name) opened, CnnDetectorOptions options)
    {
        OpenCv.EnsureLoaded();
        (_options, _bias) = (options, opened.File.Card.Bias);
        _proposer = new FaceProposer(opened.File.Proposals, opened.Name);
        try
        {
            // A training that goes on has none yet.
            _verifier = opened.File.Verification is { } verification ? new FaceVerifier(verification, opened.Name) : null;
            // Networks are what they say only if they answer.
            using var blank = new Mat(FaceGrid.Whole, FaceGrid.Whole, MatType.CV_8UC1, Scalar.All(127));
            _ = _proposer.Propose(blank, FaceGrid.SmallestFace, LeastProposal);
            _ = _verifier?.Verify(blank, [new FoundFace(new Rect(0, 0, FaceGrid.Whole, FaceGrid.Whole))]);
        }
        catch
        {
            _verifier?.Dispose();
            _proposer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="VisionException">The image is empty, or the networks can't look at it.</exception>
    /// <exception cref="ObjectDisposedException">The detector was disposed of.</exception>
    public IReadOnlyList<FoundFace> Detect(Mat gray)
    {
        ArgumentNullException.ThrowIfNull(gray);
        using var turn = _gate.Enter();
        if (gray.Empty())
            throw new VisionException("An image without pixels was given to look for faces in.");
        var whole = new Rect(0, 0, gray.Width, gray.Height);
        FoundFace[] proposed = [.. FaceCandidate.Merge(_proposer.Propose(
                gray, _options.MinFaceIn(gray.Width, gray.Height), _options.IsThorough ? LeastProposal : Likely))
            .Where(face => (face.Box & whole) is { Width: > 0, Height: > 0 }).Take(MostProposals)];
        // The first network tells where a face is, and the likeliest place comes first; the second only whether it is one.
        var found = FaceCandidate.Distinct(Verified(gray, [.. proposed.Where(face => face.Score >= Likely)]));
        FoundFace[] others = [.. proposed.Where(
            face => face.Score < Likely && face.Box.Width >= ManyPixels && !found.Any(other => IsSeenBeside(face, other)))];
        return others.Length == 0 ? found : FaceCandidate.Distinct(found.Concat(Verified(gray, others)));
    }

    /// <summary>
    /// The median of FER2013's training faces that were put into larger images and found again, 1.143 of the box; from 1.1 to 1.2 the
    /// emotions
    /// named are as right as can be told (decision 0032).
    /// </summary>
    public FaceCrop Framing { get; } = new() { Scale = 1.14 };

    /// <summary>Frees the networks, once a call under way has ended.</summary>
    public void Dispose() => _gate.Close(() =>
    {
        _proposer.Dispose();
        _verifier?.Dispose();
    });

    /// <summary>
    /// Whether the verifier, when it looks at a place, would also see a face that is known, and may take the place for it.
    /// </summary>
    private static bool IsSeenBeside(FoundFace place, FoundFace known)
    {
        var reach = FaceVerifier.Crop.Scale * place.Box.Width / 2;
        return Math.Abs(place.Box.X + place.Box.Width / 2.0 - known.Box.X - known.Box.Width / 2.0) < reach
            && Math.Abs(place.Box.Y + place.Box.Height / 2.0 - known.Box.Y - known.Box.Height / 2.0) < reach;
    }

    /// <summary>
    /// What is a face by both networks together: the sum of their logits, and where that is in doubt, what the second says of the mirror
    /// image too.
    /// </summary>
    private IEnumerable<FoundFace> Verified(Mat gray, FoundFace[] proposed)
    {
        double[] logits = [.. proposed.Select(face => Math.Log(face.Score / (1 - face.Score)) - _bias)];
        if (_verifier is not null)
        {
            var first = _verifier.Verify(gray, proposed);
            int[] doubtful = [.. Enumerable.Range(0, proposed.Length).Where(i => Math.Abs(logits[i] + first[i]) < Doubt)];
            var second = _verifier.Verify(gray, [.. doubtful.Select(i => proposed[i])], isMirrored: true);
            for (var i = 0; i < proposed.Length; i++)
                logits[i] += first[i];
            for (var i = 0; i < doubtful.Length; i++)
                logits[doubtful[i]] += (second[i] - first[doubtful[i]]) / 2;
        }
        return proposed.Zip(logits, (face, logit) => face with { Score = (float)Sigmoid(logit) })
            .Where(face => face.Score >= _options.MinScore);
    }

    private static (DetectorFile, string) Open(ref CnnDetectorOptions? options)
    {
        options ??= new CnnDetectorOptions();
        OptionsValidator.Check(options);
        return DetectorFile.Open(options.Model);
    }

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}
