using System.Collections.Immutable;
using System.Net;

namespace Ambient.Proxy.Names;

/// <param name="Lives">For how long it may be remembered.</param>
/// <param name="Truncated">There is more, which TCP would bring.</param>
internal sealed record NameAnswer(ImmutableArray<IPAddress> Addresses, TimeSpan Lives, bool Truncated);
