using FerMl.Training;
using FerMl.Vision;
using static TorchSharp.torch;

namespace FerMl.Detection;

/// <summary>
/// Trains a face detector without a single photograph in which faces are marked: on scenes composed of faces that were cut out, such as
/// FER2013's, and images without faces. First a network learns to propose faces, then another to verify what the first proposes
/// (docs/detection.md).
/// </summary>
public static class DetectorTrainer
{
    // Fewer scenes than this without anything to learn from, and a training would never begin.
    private const int MinFaces = 10;

    /// <summary>Trains a detector and writes its file.</summary>
    /// <param name="faces">Faces that fill their image as FER2013's do, 2,304 pixel values each; ten or more.</param>
    /// <param name="backgroundFolder">A folder of images in which no face can be seen. The more kinds of things they show, the fewer of
    /// those are taken for faces.</param>
    /// <param name="path">The file to write. From the first thousand steps on there is one, if only of the first network.</param>
    /// <param name="options">How to train.</param>
    /// <param name="overwrite">Whether a file that is there already may be replaced.</param>
    /// <param name="progress">Hears of each step.</param>
    /// <param name="report">Hears of backgrounds that can't be read.</param>
    /// <param name="cancellationToken">Stops between steps. What was written stays, and <see cref="DetectorTrainerOptions.StartFrom"/> goes
    /// on from it.</param>
    /// <exception cref="ArgumentException">There are fewer than ten faces, or one has another size.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is outside its range.</exception>
    /// <exception cref="VisionException">There is no background that can be read, or the file to start from is no detector.</exception>
    /// <exception cref="TrainingException">The training diverged, or there is no libtorch.</exception>
    /// <exception cref="IOException">The file is there and may not be replaced, or can't be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
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
            throw new ArgumentException($"{faces.Count.Counted("face")} were given; {MinFaces} or more of 2,304 pixel values each are "
                + $"needed.",
                nameof(faces));
        AtomicFile.CheckFree(path, overwrite);
        LibTorch.Require();
        OpenCv.EnsureLoaded();
        var start = options.StartFrom is { } from ? DetectorFile.Open(from).File : null;
        var (training, heldOut) = Backgrounds.Load(backgroundFolder, report);
        using (training)
        using (heldOut)
        {
            manual_seed(options.Seed);
            // Both networks are large enough that only the processor matters.
            var computeType = PrecisionChoice.Resolve(options.Precision, long.MaxValue, CPU);
            int[] before = start is { Card.Steps: [var first, var second] } ? [first, second] : [0, 0];
            var card = new DetectorCard(
                ThisAssembly.Version, options.Seed, [before[0] + options.ProposalSteps, before[1] + options.VerificationSteps], faces.Count,
                training.Count, 0);
            var proposals = Propose(cancellationToken);
            var verification = Verify(proposals, cancellationToken);
            var file = new DetectorFile(proposals, verification, card);
            Save(file with { Card = card with { Bias = FalsePositiveBias.Of(file, heldOut, report) } });
            // Nobody is to find out later that it can't be used.
            new CnnFaceDetector(new CnnDetectorOptions { Model = path }).Dispose();

            byte[] Propose(CancellationToken cancellation)
            {
                using var network = new ProposalNetwork { ComputeType = computeType };
                if (start is not null)
                    Import(() => network.Import(start.Proposals));
                return ProposalTrainer.Train(
                    network, faces, training, options, progress, onnx => Save(new DetectorFile(onnx, start?.Verification, card)),
                        cancellation);
            }

            byte[] Verify(byte[] proposals, CancellationToken cancellation)
            {
                using var network = new VerificationNetwork { ComputeType = computeType };
                if (start?.Verification is { } verification)
                    Import(() => network.Import(verification));
                Save(new DetectorFile(proposals, start?.Verification, card));
                return VerificationTrainer.Train(network, proposals, faces, training, options, progress, cancellation);
            }
        }

        void Save(DetectorFile file)
        {
            file.Save(path, overwrite);
            // What is there from now on is this training's own.
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
                throw new VisionException($"{options.StartFrom}: its layers are others than this version's: {e.Message}.", e);
            }
        }
    }
}
