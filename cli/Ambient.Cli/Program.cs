return await Ambient.Cli.AmbientCtl.RunAsync(args, Console.Out, Console.Error, TimeProvider.System);
