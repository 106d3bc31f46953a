namespace FerMl.Training;

/// <summary>Faces for one step, as plain numbers in buffers that are used again two steps later.</summary>
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

    /// <summary>Room for one whole face, where the batch has parts of faces.</summary>
    public float[] Uncropped { get; } = new float[FaceResampler.PixelCount];

    /// <summary>Target probabilities, [count, classes]; the buffer may be longer.</summary>
    public float[] Targets { get; }

    /// <summary>Labels, to measure accuracy by: of a blend, the one with the larger share.</summary>
    public long[] Labels { get; }
}
