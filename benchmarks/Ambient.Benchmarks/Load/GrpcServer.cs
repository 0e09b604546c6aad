using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.Benchmarks.Load;

/// <summary>
/// A gRPC service of one unary method, over plaintext HTTP/2: takes one message of any length, answers one of 1 KB and its status in trailers
/// (gRPC over HTTP/2, "Responses"). The same for every contender, and not counted.
/// </summary>
internal static class GrpcServer
{
    internal const int HeadLength = 5;
    internal const int AnswerLength = 1024;

    private static readonly byte[] s_answer = Message(AnswerLength);

    /// <summary>A message of so many bytes with its head: not compressed, its length.</summary>
    internal static byte[] Message(int length)
    {
        byte[] message = new byte[HeadLength + length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        message.AsSpan(HeadLength).Fill((byte)'x');
        return message;
    }

    /// <summary>Serves until it is told to stop.</summary>
    public static async Task<int> RunAsync(int port, CancellationToken ct)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http2));
        await using WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(ct);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        bool whole = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        await context.Response.BodyWriter.WriteAsync(s_answer, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", whole ? "0" : "13");
    }

    /// <summary>Whether exactly one message came.</summary>
    private static async ValueTask<bool> ReadAsync(PipeReader body, CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(ct);
            if (read.IsCompleted)
            {
                bool whole = read.Buffer.Length >= HeadLength && read.Buffer.Length == HeadLength + LengthOf(read.Buffer);
                body.AdvanceTo(read.Buffer.End);
                return whole;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static int LengthOf(ReadOnlySequence<byte> message)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        message.Slice(0, HeadLength).CopyTo(head);
        return BinaryPrimitives.ReadInt32BigEndian(head[1..]);
    }
}
