using System.Collections.Immutable;
using Ambient.Core.Routes;

namespace Ambient.Routing.Resilience;

/// <summary>What a route calls a failure (ServiceProfile's response classes).</summary>
public static class FailureClasses
{
    /// <summary>The first class that has the status says so; where none has, 5xx is a failure.</summary>
    public static bool IsFailure(ImmutableArray<ResponseClass> classes, int status)
    {
        foreach (ResponseClass known in classes)
        {
            if (status >= known.Min && status <= known.Max)
            {
                return known.IsFailure;
            }
        }

        return status >= 500;
    }
}
