using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ambient.Hbone.Connect;

/// <summary>How a server treats its peers.</summary>
public sealed record HboneServerOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public HboneLimits Limits { get; init; } = HboneLimits.Server;
}
