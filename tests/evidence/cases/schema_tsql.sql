-- definitions as SQL Server Management Studio writes them; written by hand
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[Orders](
	[Id] [int] IDENTITY(1,1) NOT NULL,
	[CustomerId] [int] NOT NULL,
	[Number] [nvarchar](40) NULL,
	[Placed] [datetime2](7) NOT NULL,
 CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED
(
	[Id] ASC
)WITH (PAD_INDEX = OFF, STATISTICS_NORECOMPUTE = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
CREATE UNIQUE NONCLUSTERED INDEX [IX_Orders_Number] ON [dbo].[Orders]
(
	[Number] ASC
)
WHERE ([Number] IS NOT NULL)
WITH (PAD_INDEX = OFF) ON [PRIMARY]
GO
CREATE TABLE [dbo].[Customers]([Id] [int] NOT NULL, [Name] [nvarchar](max) NULL)
GO
ALTER TABLE [dbo].[Customers] ADD  CONSTRAINT [PK_Customers] PRIMARY KEY NONCLUSTERED ([Id] ASC)
GO
