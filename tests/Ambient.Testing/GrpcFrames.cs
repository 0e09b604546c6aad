using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;

namespace Ambient.Testing;

/// <summary>gRPC's "Length-Prefixed-Message" (gRPC over HTTP/2): not compressed, four bytes of length, the message.</summary>
public static class GrpcFrames
{
    private const int Prefix = 5;

    public static byte[] Framed(ReadOnlySpan<byte> message)
    {
        byte[] framed = new byte[Prefix + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(Prefix));
        return framed;
    }

    /// <summary>The next message; empty at the end of the stream.</summary>
    public static async Task<byte[]> MessageAsync(Stream stream)
    {
        byte[] head = new byte[Prefix];
        if (await stream.ReadAtLeastAsync(head, Prefix, throwOnEndOfStream: false) < Prefix)
        {
            return [];
        }

        byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(message);
        return message;
    }

    /// <summary>A call.</summary>
    public static HttpRequestMessage Call(string url, HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        HttpRequestMessage request = new(HttpMethod.Post, url)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    /// <summary>A body of pieces, each sent when it is there. HTTP/2 clients of .NET keep even the head until something is flushed.</summary>
    public static HttpContent Piecewise(PipeReader pieces) => new Pieces(pieces);

    private sealed class Pieces(PipeReader pieces) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            ReadResult read;
            do
            {
                await stream.FlushAsync(cancellationToken);
                read = await pieces.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    await stream.WriteAsync(piece, cancellationToken);
                }

                pieces.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
