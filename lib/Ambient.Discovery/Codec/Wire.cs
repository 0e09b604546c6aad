using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Identity;
using Google.Protobuf;

namespace Ambient.Discovery.Codec;

/// <summary>Values that several resources share: addresses, ranges, ports, enumerations, names.</summary>
internal static class Wire
{
    public static ByteString Bytes(IPAddress address) => UnsafeByteOperations.UnsafeWrap(address.GetAddressBytes());

    public static IPAddress Address(ByteString bytes, string field) => bytes.Length is 4 or 16
        ? new IPAddress(bytes.Span)
        : throw new CodecException(field, $"an address has 4 or 16 bytes, not {bytes.Length}");

    public static IPAddress[] Addresses(IReadOnlyList<ByteString> list, string field) => List(list, field, Address).ToArray();

    /// <summary>Bits beyond the length are cleared, as istiod does not.</summary>
    public static IPNetwork Range(ByteString bytes, uint length, string field)
    {
        IPAddress address = Address(bytes, field);
        int bits = Length(address, length, field);
        byte[] masked = address.GetAddressBytes();
        for (int i = 0; i < masked.Length; i++)
        {
            int kept = Math.Clamp(bits - (8 * i), 0, 8);
            masked[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPNetwork(new IPAddress(masked), bits);
    }

    public static int Length(IPAddress address, uint length, string field)
    {
        int most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return length <= most ? (int)length : throw new CodecException(field, $"prefix length {length} is beyond {most}");
    }

    public static ushort Port(uint port, string field) => port is > 0 and <= ushort.MaxValue
        ? (ushort)port
        : throw new CodecException(field, $"{port} is not a port, 1 to 65535");

    public static ushort PortOrNone(uint port, string field) => port == 0 ? (ushort)0 : Port(port, field);

    /// <summary>Refuses numbers that have no name here: what a newer sender means by them is not known.</summary>
    public static T Known<T>(T value, string field)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new CodecException(field, $"unknown value {value:D}");

    public static string Required(string value, string field) =>
        value.Length > 0 ? value : throw new CodecException(field, "is required");

    /// <summary>Proto3 has no null: an empty string means the default.</summary>
    public static string Or(string value, string fallback) => value.Length > 0 ? value : fallback;

    public static SpiffeId Identity(string trustDomain, string @namespace, string serviceAccount)
    {
        if (!SpiffeId.IsTrustDomain(trustDomain))
        {
            throw new CodecException("trust_domain", $"'{trustDomain}' is not a trust domain");
        }

        try
        {
            return new SpiffeId(trustDomain, @namespace, serviceAccount);
        }
        catch (FormatException cause)
        {
            throw new CodecException("service_account", $"'{@namespace}' and '{serviceAccount}' do not make an identity", cause);
        }
    }

    public static ImmutableArray<TModel> List<TProto, TModel>(IReadOnlyList<TProto> list, string field, Func<TProto, string, TModel> read)
    {
        if (list.Count == 0)
        {
            return [];
        }

        var values = ImmutableArray.CreateBuilder<TModel>(list.Count);
        for (int i = 0; i < list.Count; i++)
        {
            values.Add(read(list[i], $"{field}[{i}]"));
        }

        return values.MoveToImmutable();
    }
}
