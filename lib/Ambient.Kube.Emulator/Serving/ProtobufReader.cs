using System.Text;

namespace Ambient.Kube.Emulator.Serving;

/// <summary>Walks the fields of one protobuf message. Throws 400 on anything that is cut short or of a wire type that Kubernetes does not use.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> rest = rest;

    public int Field { get; private set; }

    public long Number { get; private set; }

    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        Field = (int)(key >> 3);
        Number = 0;
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = (long)Varint();
                break;
            case 1:
                Cut(8);
                break;
            case 2:
                ulong length = Varint();
                Bytes = Cut(length > int.MaxValue ? int.MaxValue : (int)length);
                break;
            case 5:
                Cut(4);
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private static ApiException Malformed() => ApiErrors.BadRequest("the protobuf body cannot be decoded: it is malformed");

    private ReadOnlySpan<byte> Cut(int length)
    {
        if (length > rest.Length)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> part = rest[..length];
        rest = rest[length..];
        return part;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Cut(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }
}
