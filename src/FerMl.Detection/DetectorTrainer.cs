using FerMl.Training;
using FerMl.Vision;
using static TorchSharp.torch;

namespace FerMl.Detection;

/// <summary>
/// Trains a face detector without annotated photos: on scenes composed of cropped faces, such as FER2013's, and images without faces. The
/// first network learns to propose faces, the second to verify its proposals; then both are quantized to int8 (docs/detection.md).
/// </summary>
public static class DetectorTrainer
{
    // The minimum number of faces; fewer are too few to learn from.
    private const int MinFaces = 10;

    /// <summary>Trains a detector and writes its file.</summary>
    /// <param name="faces">Faces that fill their image as FER2013's do, 2,304 pixel values each; ten or more.</param>
    /// <param name="backgroundFolder">A folder of images without faces. The more varied they are, the fewer false positives the detector
    /// has.</param>
    /// <param name="path">The file to write. It exists from the first thousand steps on, with only the first network.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <param name="overwrite">Whether an existing file may be replaced.</param>
    /// <param name="progress">Receives the progress of each step.</param>
    /// <param name="report">Receives messages about backgrounds that can't be read or seem to show a face.</param>
    /// <param name="cancellationToken">Cancels the training, between steps. The written file stays, and
    /// <see cref="DetectorTrainerOptions.StartFrom"/> resumes from it.</param>
    /// <exception cref="ArgumentException">There are fewer than ten faces, or one has another size.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">No background can be read, or the file to start from isn't a detector.</exception>
    /// <exception cref="TrainingException">The training diverged, or libtorch is missing.</exception>
    /// <exception cref="IOException">The file exists and may not be replaced, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">The training was canceled.</exception>
    public static void Train(
        IReadOnlyList<byte[]> faces, string backgroundFolder, string path, DetectorTrainerOptions? options = null, bool overwrite = false,
        Action<DetectorProgress>? progress = null, Action<string>? report = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentException.ThrowIfNullOrWhiteSpace(backgroundFolder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new DetectorTrainerOptions();
        OptionsValidator.Check(options);
        if (faces.Count < MinFaces || faces.Any(face => face?.Length != FaceResampler.PixelCount))
            throw new ArgumentException($"{faces.Count.Counted("face")} were given; {MinFaces} or more of 2,304 pixel values each "
                + "are needed.", nameof(faces));
        AtomicFile.CheckFree(path, overwrite);
        LibTorch.Require();
        OpenCv.EnsureLoaded();
        var start = options.StartFrom is { } from ? DetectorFile.Open(from).File : null;
        var (training, heldOut) = Backgrounds.Load(backgroundFolder, report);
        using (training)
        using (heldOut)
        {
            manual_seed(options.Seed);
            // Both networks are large enough that only the processor determines the precision.
            var computeType = PrecisionChoice.Resolve(options.Precision, long.MaxValue, CPU);
            int[] before = start is { Card.Steps: [var first, var second] } ? [first, second] : [0, 0];
            // Where nothing is trained, what the start was trained on stays true.
            var card = start is not null && options is { ProposalSteps: 0, VerificationSteps: 0 }
                ? start.Card with { Version = ThisAssembly.Version }
                : new DetectorCard(
                    ThisAssembly.Version, options.Seed, [before[0] + options.ProposalSteps, before[1] + options.VerificationSteps],
                    faces.Count, training.Count, start?.Card.Bias ?? 0);
            var proposals = Propose(cancellationToken);
            var verification = Verify(proposals, cancellationToken);
            var int8 = DetectorQuantizer.Quantize(proposals, verification, faces, training, options.Seed + 2);
            var file = new DetectorFile(new DetectorNetworks(proposals, verification), card, int8);
            Save(file with { Card = card with { Bias = FalsePositiveBias.Of(file, heldOut, report) } });
            // Fail now if the file can't be used.
            new CnnFaceDetector(new CnnDetectorOptions { Model = path }).Dispose();

            // With the verification that the training started from, if any.
            DetectorFile Unverified(byte[] onnx) => new(new DetectorNetworks(onnx, start?.Trained.Verification), card);

            byte[] Propose(CancellationToken cancellation)
            {
                using var network = new ProposalNetwork { ComputeType = computeType };
                if (start is not null)
                    Import(() => network.Import(start.Trained.Proposals));
                return ProposalTrainer.Train(
                    network, faces, training, options, progress, onnx => Save(Unverified(onnx)), cancellation);
            }

            byte[] Verify(byte[] proposals, CancellationToken cancellation)
            {
                using var network = new VerificationNetwork { ComputeType = computeType };
                if (start?.Trained.Verification is { } verification)
                    Import(() => network.Import(verification));
                Save(Unverified(proposals));
                return VerificationTrainer.Train(network, proposals, faces, training, options, progress, cancellation);
            }
        }

        void Save(DetectorFile file)
        {
            file.Save(path, overwrite);
            // From now on the file is this training's own.
            overwrite = true;
        }

        void Import(Action import)
        {
            try
            {
                import();
            }
            catch (InvalidDataException e)
            {
                throw new VisionException($"{options.StartFrom}: its layers differ from this version's: {e.Message}.", e);
            }
        }
    }
}
