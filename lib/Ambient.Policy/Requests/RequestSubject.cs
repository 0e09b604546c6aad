using Ambient.Core.Addresses;
using Ambient.Core.Identity;

namespace Ambient.Policy.Requests;

/// <summary>A request in the form that checks compare, parsed once and shown to every rule.</summary>
internal sealed class RequestSubject
{
    public RequestSubject(AuthorizationRequest request)
    {
        Request = request;
        Identity = request.Peer.VerifiedId;
        Principal = Identity?.Principal;
        Source = AddressBits.Of(request.SourceAddress);
        Remote = request.RemoteAddress is null ? Source : AddressBits.Of(request.RemoteAddress);
        Destination = AddressBits.Of(request.Destination.Address);
        int colon = request.Authority.LastIndexOf(':');
        bool hasPort = colon > 0 && !request.Authority.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9');
        Host = (hasPort ? request.Authority[..colon] : request.Authority).TrimEnd('.');
    }

    public AuthorizationRequest Request { get; }

    public SpiffeId? Identity { get; }

    /// <summary>Null without identity.</summary>
    public string? Principal { get; }

    public AddressBits Source { get; }

    public AddressBits Remote { get; }

    public AddressBits Destination { get; }

    /// <summary>The authority without port and trailing dot.</summary>
    public string Host { get; }

    /// <summary>The other reading of the path; null when there is none.</summary>
    public string? OtherPath => Request.LenientPath is { } lenient && !string.Equals(lenient, Request.Path, StringComparison.Ordinal)
        ? lenient
        : null;
}
