using Microsoft.ML.Data;

namespace FerMl;

/// <content>Embeddings: the input of the network's classifier layer.</content>
public sealed partial class EmotionPredictor
{
    /// <summary>Length of an embedding, such as 256 for <c>ferplus</c>.</summary>
    /// <exception cref="EmotionModelException">The network's classifier layer isn't one that FerMl writes.</exception>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public int EmbeddingLength => Embedding.EmbeddingLength;

    /// <summary>
    /// Computes the embedding of the face in an image file: the input of the network's classifier layer, averaged over the views of
    /// test-time augmentation. Similar faces have close embeddings, so they suit search, clustering and custom trainers.
    /// </summary>
    /// <returns><see cref="EmbeddingLength"/> values.</returns>
    /// <exception cref="FaceImageException">The file is missing, damaged, too large, or not an image.</exception>
    /// <exception cref="EmotionModelException">The network's classifier layer isn't one that FerMl writes.</exception>
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

    /// <summary>Computes the embedding of the face in a gray image of any size.</summary>
    /// <param name="gray">Pixel values 0..255, row by row.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <inheritdoc cref="Embed(string)" path="/returns"/>
    /// <exception cref="ArgumentException">The sizes don't match, or the image is empty or too large.</exception>
    public float[] Embed(ReadOnlySpan<byte> gray, int width, int height)
    {
        var face = new byte[FaceResampler.PixelCount];
        FaceResampler.Resample(gray, width, height, face);
        return EmbedMany(1, (_, pixels) => face.CopyTo(pixels), null, CancellationToken.None)[0];
    }

    /// <summary>Computes the embedding of the face in an ML.NET image of any size. The caller keeps ownership of the image.</summary>
    /// <inheritdoc cref="Embed(string)" path="/returns"/>
    public float[] Embed(MLImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return EmbedMany(1, (_, face) => FacePixelsMapping.ToFace(image, face), null, CancellationToken.None)[0];
    }

    /// <summary>Computes the embeddings of the faces in many image files, in order, on all processors.</summary>
    /// <exception cref="FaceImageException">A file is missing, damaged, too large, or not an image; the message names it.</exception>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> paths)
    {
        CheckItems(paths, nameof(paths));
        return EmbedMany(paths.Count, (i, face) => FaceImageDecoder.DecodeFile(paths[i], face), null, CancellationToken.None);
    }

    /// <summary>Computes the embeddings of all faces of a data set, in order, on all processors.</summary>
    /// <param name="dataset">The faces; their labels are ignored.</param>
    /// <param name="progress">Receives the number of processed faces.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public IReadOnlyList<float[]> Embed(
        FerDataset dataset, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return EmbedMany(dataset.Count, (i, face) => dataset.PixelsOf(i).CopyTo(face), progress, cancellationToken);
    }

    /// <summary>The network with embeddings as an additional output, opened at first access.</summary>
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
