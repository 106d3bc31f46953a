namespace FerMl.Training;

/// <summary>The faces of one step, in plain arrays that the data loader reuses.</summary>
internal sealed class Batch
{
    public Batch(int size, int classes)
    {
        Pixels = new float[size * FaceResampler.PixelCount];
        Targets = new float[size * classes];
        Labels = new long[size];
    }

    /// <summary>Number of faces.</summary>
    public int Count { get; set; }

    /// <summary>Width and height of the faces, in pixels.</summary>
    public int ImageSize { get; set; }

    /// <summary>Pixel values 0..255, [count, side, side]; the buffer may be longer.</summary>
    public float[] Pixels { get; }

    /// <summary>Buffer for one uncropped face, used when the batch contains crops.</summary>
    public float[] Uncropped { get; } = new float[FaceResampler.PixelCount];

    /// <summary>Target probabilities, [count, classes]; the buffer may be longer.</summary>
    public float[] Targets { get; }

    /// <summary>Labels for measuring accuracy; for a mixed face, the label with the larger share.</summary>
    public long[] Labels { get; }
}
