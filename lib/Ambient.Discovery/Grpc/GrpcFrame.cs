using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Ambient.Discovery.Grpc;

/// <summary>Length-prefixed messages: one byte of flags, which is 0 since nothing is compressed here, and four of length, big-endian.</summary>
internal static class GrpcFrame
{
    public const int PrefixLength = 5;

    public static void Write(IBufferWriter<byte> output, IMessage message)
    {
        WritePrefix(output, message.CalculateSize());
        message.WriteTo(output);
    }

    public static void WritePrefix(IBufferWriter<byte> output, int length)
    {
        Span<byte> prefix = output.GetSpan(PrefixLength);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)length);
        output.Advance(PrefixLength);
    }

    /// <returns>Null at a clean end.</returns>
    /// <exception cref="GrpcException">Too long, compressed, cut off, or not a message of this type.</exception>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader input, MessageParser<T> parser, int maxBytes, CancellationToken ct)
        where T : class, IMessage<T>
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = result.Buffer;
            if (TryCut(ref buffer, maxBytes, out ReadOnlySequence<byte> payload))
            {
                T message = Parse(parser, payload);
                input.AdvanceTo(buffer.Start);
                return message;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return buffer.IsEmpty ? null : throw new GrpcException(GrpcStatus.Internal, "the stream ended within a message");
            }
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> buffer, int maxBytes, out ReadOnlySequence<byte> payload)
    {
        payload = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out byte flags) || !reader.TryReadBigEndian(out int signed))
        {
            return false;
        }

        if (flags != 0)
        {
            throw new GrpcException(GrpcStatus.Unimplemented, "compressed messages are not supported");
        }

        uint length = (uint)signed;
        if (length > maxBytes)
        {
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"a message of {length} bytes is longer than {maxBytes}");
        }

        if (reader.Remaining < length)
        {
            return false;
        }

        payload = buffer.Slice(PrefixLength, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload)
        where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException cause)
        {
            throw new GrpcException(GrpcStatus.Internal, $"a message cannot be read: {cause.Message}", cause);
        }
    }
}
