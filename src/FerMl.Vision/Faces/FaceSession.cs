using Microsoft.ML.OnnxRuntime;

namespace FerMl.Vision;

/// <summary>One of the detector's networks, running in ONNX Runtime. For one thread at a time.</summary>
internal sealed class FaceSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _name;

    private FaceSession(InferenceSession session, string name) => (_session, _name) = (session, name);

    /// <summary>Opens a network.</summary>
    /// <exception cref="VisionException">It is none that can be run.</exception>
    /// <param name="onnx">The network.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="threads">How many threads it computes on.</param>
    public static FaceSession Open(byte[] onnx, string name, int threads = 1)
    {
        try
        {
            onnx = OnnxContent.Checked(onnx, name);
            return new FaceSession(OnnxSession.Open(onnx, threads), name);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EmotionModelException or ArgumentException)
        {
            throw new VisionException(
                $"{name}: its networks can't be run ({e.Message.Split('\n')[0]}); give a file that DetectorTrainer wrote.", e);
        }
    }

    /// <summary>Takes the numbers that a network gives, which are gone when it returns.</summary>
    public delegate void Taker(ReadOnlySpan<float> answers);

    /// <summary>Runs the network.</summary>
    /// <param name="pixels">Pixel values 0..255.</param>
    /// <param name="shape">Their shape: [batch, 1, height, width].</param>
    /// <param name="expected">Numbers that it has to give.</param>
    /// <param name="take">Takes them.</param>
    /// <exception cref="VisionException">It can't be run on these, or gives something else.</exception>
    public void Run(Memory<float> pixels, long[] shape, int expected, Taker take)
    {
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
            using var run = new RunOptions();
            using var outputs = _session.Run(run, [InputName], [input], [OutputName]);
            var answers = outputs[0].GetTensorDataAsSpan<float>();
            if (answers.Length != expected)
                throw new VisionException($"{_name}: a network in it gives {answers.Length.Counted("number")} instead of {expected}; it "
                    + $"is no face detector.");
            // A sum is finite only where all that is in it is.
            if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum(answers)))
                throw new VisionException($"{_name}: a network in it gives no numbers (NaN or infinite): its weights are damaged.");
            take(answers);
        }
        catch (Exception e) when (e is OnnxRuntimeException or ArgumentException or InvalidOperationException)
        {
            throw new VisionException(
                $"{_name}: a network in it can't be run on [{string.Join(", ", shape)}]: {e.Message.Split('\n')[0]}", e);
        }
    }

    /// <summary>Name of the networks' input.</summary>
    public const string InputName = "pixels";

    /// <summary>Name of the networks' output.</summary>
    public const string OutputName = "answers";

    public void Dispose() => _session.Dispose();
}
