using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Ambient.Ztunnel.Capture;

/// <summary>
/// The number that the kernel raises with every change of a network namespace's nftables rules (NFT_MSG_GETGEN). Asking costs two system
/// calls, where listing the rules starts a program. One caller at a time.
/// </summary>
internal sealed class NftGeneration : IDisposable
{
    // linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h.
    private const int NetlinkFamily = 16, RawCloseOnExec = 0x80003, NetfilterProtocol = 12, DoNotWait = 0x40;
    private const int HeaderLength = 16, NetfilterHeaderLength = 4, IdAttribute = 1;
    private const ushort GetGeneration = 0x0a10, NewGeneration = 0x0a0f, Request = 1;

    private readonly SafeFileHandle _socket;
    private uint _sequence;

    private NftGeneration(SafeFileHandle socket) => _socket = socket;

    /// <summary>For the namespace of the calling thread, whoever asks later.</summary>
    /// <exception cref="IOException">No such socket to be had.</exception>
    internal static NftGeneration Open()
    {
        SafeFileHandle socket = Native.OpenSocket(NetlinkFamily, RawCloseOnExec, NetfilterProtocol);
        if (socket.IsInvalid)
        {
            throw Native.LastError("netlink socket");
        }

        return new NftGeneration(socket);
    }

    /// <summary>Null when the kernel does not say: then nothing is known about changes.</summary>
    internal unsafe uint? Read()
    {
        uint sequence = ++_sequence;
        byte* message = stackalloc byte[HeaderLength + NetfilterHeaderLength];
        var request = new Span<byte>(message, HeaderLength + NetfilterHeaderLength);
        request.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], GetGeneration);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], Request);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], sequence);
        if (Native.Send(_socket, message, (nuint)request.Length, DoNotWait) != request.Length)
        {
            return null;
        }

        // The kernel answers within the call: the reply is there or never comes. What is older than the question is skipped.
        const int size = 1024;
        byte* buffer = stackalloc byte[size];
        for (int i = 0; i < 8; i++)
        {
            nint got = Native.Receive(_socket, buffer, size, DoNotWait);
            if (got < HeaderLength)
            {
                return null;
            }

            var reply = new ReadOnlySpan<byte>(buffer, (int)got);
            if (BinaryPrimitives.ReadUInt32LittleEndian(reply[8..]) == sequence)
            {
                return BinaryPrimitives.ReadUInt16LittleEndian(reply[4..]) == NewGeneration ? IdIn(reply) : null;
            }
        }

        return null;
    }

    public void Dispose() => _socket.Dispose();

    private static uint? IdIn(ReadOnlySpan<byte> reply)
    {
        if (reply.Length < HeaderLength + NetfilterHeaderLength)
        {
            return null;
        }

        ReadOnlySpan<byte> attributes = reply[(HeaderLength + NetfilterHeaderLength)..];
        while (attributes.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) & 0x3fff;
            if (length < 4 || length > attributes.Length)
            {
                return null;
            }

            if (kind == IdAttribute && length >= 8)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(attributes[4..]);
            }

            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }

        return null;
    }
}
