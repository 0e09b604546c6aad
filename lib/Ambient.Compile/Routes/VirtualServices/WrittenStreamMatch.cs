using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.VirtualServices;

internal sealed record WrittenStreamMatch(ImmutableArray<string> ServerNames, ConnectionMatch Match, ImmutableArray<string> Gateways);
