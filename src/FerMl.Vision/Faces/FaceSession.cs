using Microsoft.ML.OnnxRuntime;

namespace FerMl.Vision;

/// <summary>Runs one of the detector's networks in ONNX Runtime. Not thread-safe.</summary>
internal sealed class FaceSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _name;

    private FaceSession(InferenceSession session, string name) => (_session, _name) = (session, name);

    /// <summary>Opens a network.</summary>
    /// <exception cref="VisionException">The network can't be run.</exception>
    /// <param name="onnx">The network.</param>
    /// <param name="name">The name to use in messages.</param>
    /// <param name="threads">Number of threads to run on.</param>
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

    /// <summary>Receives the output of a network, which is valid only during the call.</summary>
    public delegate void Taker(ReadOnlySpan<float> answers);

    /// <summary>Runs the network.</summary>
    /// <param name="pixels">Pixel values 0..255.</param>
    /// <param name="shape">Their shape: [batch, 1, height, width].</param>
    /// <param name="expected">The expected length of the output.</param>
    /// <param name="take">Receives the output.</param>
    /// <exception cref="VisionException">The network can't be run on this input, or its output is invalid.</exception>
    public void Run(Memory<float> pixels, long[] shape, int expected, Taker take)
    {
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
            using var run = new RunOptions();
            using var outputs = _session.Run(run, [InputName], [input], [OutputName]);
            var answers = outputs[0].GetTensorDataAsSpan<float>();
            if (answers.Length != expected)
                throw new VisionException($"{_name}: a network in it returns {answers.Length.Counted("number")} instead of "
                    + $"{expected}; it isn't a face detector.");
            // A sum is finite only if all of its terms are.
            if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum(answers)))
                throw new VisionException($"{_name}: a network in it returns NaN or infinity: its weights are damaged.");
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
