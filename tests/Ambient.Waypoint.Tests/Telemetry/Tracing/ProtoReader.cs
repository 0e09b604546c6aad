using System.Buffers.Binary;
using System.Text;

namespace Ambient.Waypoint.Tests.Telemetry.Tracing;

/// <summary>A protobuf message by field numbers, as far as the test reads it.</summary>
internal sealed class ProtoReader
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    internal ProtoReader(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            ulong key = Varint(ref message);
            int field = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    _fields.Add((field, Varint(ref message), []));
                    break;
                case 1:
                    _fields.Add((field, BinaryPrimitives.ReadUInt64LittleEndian(message), []));
                    message = message[8..];
                    break;
                case 2:
                    int length = (int)Varint(ref message);
                    _fields.Add((field, 0, message[..length].ToArray()));
                    message = message[length..];
                    break;
                case 5:
                    _fields.Add((field, BinaryPrimitives.ReadUInt32LittleEndian(message), []));
                    message = message[4..];
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7}");
            }
        }
    }

    internal IEnumerable<ProtoReader> Messages(int field) => _fields.Where(f => f.Field == field).Select(static f => new ProtoReader(f.Bytes));

    internal string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    internal string Hex(int field) => Convert.ToHexStringLower(Bytes(field));

    internal ulong Number(int field) => _fields.FirstOrDefault(f => f.Field == field).Number;

    private byte[] Bytes(int field) => _fields.FirstOrDefault(f => f.Field == field).Bytes ?? [];

    private static ulong Varint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = rest[0];
            rest = rest[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }
}
