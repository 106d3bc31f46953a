using Microsoft.ML.Data;

namespace FerMl;

/// <content>Embeddings: what the network's classifier takes.</content>
public sealed partial class EmotionPredictor
{
    /// <summary>Numbers of an embedding: 256 of <c>ferplus</c>, for example.</summary>
    /// <exception cref="EmotionModelException">The network's classifier isn't one that FerMl writes.</exception>
    /// <exception cref="ObjectDisposedException">The predictor was disposed of.</exception>
    public int EmbeddingLength => Embedding.EmbeddingLength;

    /// <summary>
    /// The embedding of the face in an image file: what the network's classifier takes, averaged over the views of test-time augmentation.
    /// Faces that look alike to the network are near each other, so embeddings serve search, clustering and trainers of one's own.
    /// </summary>
    /// <returns><see cref="EmbeddingLength"/> numbers.</returns>
    /// <exception cref="FaceImageException">The file is missing, no image, damaged or too large.</exception>
    /// <exception cref="EmotionModelException">The network's classifier isn't one that FerMl writes.</exception>
    /// <example>
    /// <code>
    /// using var predictor = EmotionPredictor.LoadDefault();
    /// float[] vector = predictor.Embed("face.png");
    /// </code>
    /// </example>
    public float[] Embed(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return EmbedMany(1, (_, face) => FaceImageDecoder.DecodeFile(path, face), null, CancellationToken.None)[0];
    }

    /// <summary>The embedding of the face in a gray image of any size.</summary>
    /// <param name="gray">Pixel values 0..255, row by row.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <inheritdoc cref="Embed(string)" path="/returns"/>
    /// <exception cref="ArgumentException">The sizes don't fit, or the image is empty or too large.</exception>
    public float[] Embed(ReadOnlySpan<byte> gray, int width, int height)
    {
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.Resample(gray, width, height, face);
        return EmbedMany(1, (_, pixels) => face.CopyTo(pixels), null, CancellationToken.None)[0];
    }

    /// <summary>The embedding of the face in an ML.NET image of any size. The image stays the caller's.</summary>
    /// <inheritdoc cref="Embed(string)" path="/returns"/>
    public float[] Embed(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return EmbedMany(1, (_, face) => FacePixelsMapping.ToFace(image, face), null, CancellationToken.None)[0];
    }

    /// <summary>The embeddings of the faces in many image files, in order, on all processors.</summary>
    /// <exception cref="FaceImageException">A file is missing, no image, damaged or too large; the message names it.</exception>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> paths)
    {
        CheckItems(paths, nameof(paths));
        return EmbedMany(paths.Count, (i, face) => FaceImageDecoder.DecodeFile(paths[i], face), null, CancellationToken.None);
    }

    /// <summary>The embeddings of all faces of a data set, in order, on all processors.</summary>
    /// <param name="dataset">The faces; their labels are not looked at.</param>
    /// <param name="progress">Receives the number of faces done.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IReadOnlyList<float[]> Embed(
        FerDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return EmbedMany(dataset.Count, (i, face) => dataset.PixelsOf(i).CopyTo(face), progress, cancellationToken);
    }

    /// <summary>The network with the output of embeddings, which is opened when it is first asked for.</summary>
    private EmotionNetwork Embedding
    {
        get
        {
            lock (_embedding)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                return _embedding.Value;
            }
        }
    }

    private float[][] EmbedMany(int count, FaceReader read, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var network = Embedding;
        return ForMany(count, read, network.Embed, network.EmbeddingLength, vector => vector.ToArray(), progress, cancellationToken);
    }
}
