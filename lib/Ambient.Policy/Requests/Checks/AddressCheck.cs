using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Ambient.Core.Addresses;

namespace Ambient.Policy.Requests.Checks;

internal sealed class AddressCheck(string field, ImmutableArray<Cidr> values, Func<RequestSubject, AddressBits> attribute) : RequestCheck(field)
{
    public override bool Holds(RequestSubject subject, string? path)
    {
        AddressBits address = attribute(subject);
        foreach (Cidr value in values)
        {
            if (value.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An address or a CIDR; bits beyond the prefix are cut off.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Cidr? range)
    {
        range = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string written = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(written, out IPAddress? address) || !IsPlain(address, written))
        {
            return false;
        }

        int width = AddressBits.Of(address).Width;
        int length = slash < 0 && !address.IsIPv4MappedToIPv6 ? width : slash < 0 ? 128 : -1;
        if (slash >= 0 && !int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out length))
        {
            return false;
        }

        if (length < 0 || length > (address.IsIPv4MappedToIPv6 ? 128 : width))
        {
            return false;
        }

        range = new Cidr(address, length);
        return true;
    }

    // .NET also reads 10.0.1 (as 10.0.0.1) and 010.0.0.1 (as octal); nobody means that. A policy cannot name a link's scope.
    private static bool IsPlain(IPAddress address, string written) => address.AddressFamily == AddressFamily.InterNetwork
        ? address.ToString() == written
        : address.ScopeId == 0;
}
